// The page brings its data and every sentence; scripts only fill in counts and names.
export const page = JSON.parse(document.getElementById("page-data").textContent);

export function say(key, values = {}) {
  return (page.words[key] || key).replace(/\{(\w)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export function make(tag, text = "", kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) { made.className = kind; }
  return made;
}

export function clock(date = new Date()) {
  return date.toTimeString().slice(0, 8);
}

export function today() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}
