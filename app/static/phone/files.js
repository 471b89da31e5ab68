// Photographs and documents: kept on the device as they are, until the server has them.
import * as store from "./store.js";
import { place } from "./place.js";
import { make, page, say } from "./words.js";

const LARGEST = 60 * 1024 * 1024;

export class Files {
  constructor(saved) {
    this.saved = saved;
    this.list = document.getElementById("files");
    this.kind = document.getElementById("file-kind");
    document.addEventListener("change", (event) => {
      if (event.target.matches("input[type=file]")) { this.chosen(event.target); }
    });
    this.kind.addEventListener("change", () => this.ask());
    this.ask();
  }

  ask() { document.getElementById("file-day").closest(".field").hidden = this.kind.value !== "letter"; }

  async chosen(input) {
    const chosen = [...input.files], about = this.about(input);
    const where = await place();
    for (const file of chosen) {
      if (file.size > LARGEST) {
        this.saved(new Error(say("tooLarge", { s: file.name })));
        continue;
      }
      const body = { ...about, ...where, at: new Date(file.lastModified || Date.now()).toISOString() };
      // The bytes themselves are kept: a chosen file may be gone, or changed, when the network is back.
      const blob = new Blob([await file.arrayBuffer()], { type: file.type });
      await store.add({ kind: "file", user: page.user, visit: page.visit, mark: store.mark(), body, blob, name: file.name });
    }
    input.value = "";
    document.getElementById("file-note").value = "";
    this.saved(null, 0);
  }

  // What a picture belongs to: a point has its own button, everything else says it in the form below.
  about(input) {
    if (input.dataset.filePoint) {
      return { kind: "scene", finding: input.closest("[data-finding]").dataset.finding, point: input.dataset.filePoint };
    }
    const day = document.getElementById("file-day").value, isLetter = this.kind.value === "letter";
    return {
      kind: this.kind.value,
      finding: document.getElementById("file-item").value,
      note: document.getElementById("file-note").value,
      dated_on: isLetter ? day : "",
    };
  }

  show(state, waiting) {
    this.list.replaceChildren(...state.files.map((file) => this.kept(file)), ...waiting.map((item) => this.held(item)));
    if (!this.list.children.length) { this.list.append(make("li", say("noFiles"), "sub")); }
    document.querySelectorAll("[data-count-files]").forEach((chip) => {
      chip.textContent = state.files.length + waiting.length;
    });
    document.querySelectorAll("[data-point-files]").forEach((mark) => {
      const number = mark.dataset.pointFiles;
      const count = state.files.filter((file) => String(file.point) === number).length
        + waiting.filter((item) => item.body.point === number).length;
      mark.textContent = count || "";
    });
  }

  kept(file) {
    const row = make("li", "", "file"), words = make("div");
    if (file.small) {
      const picture = new Image(64, 64);
      picture.src = file.small;
      picture.alt = file.name;
      row.append(picture);
    }
    const link = make("a", file.name);
    link.href = file.url;
    words.append(make("b", file.kind), document.createTextNode(" "), link);
    words.append(make("div", [file.by, file.at, say(file.placed ? "placed" : "unplaced"), file.dated, file.note].filter(Boolean).join(" · "), "sub"));
    words.append(make("div", file.digest.slice(0, 16), "hash"));
    row.append(words);
    return row;
  }

  held(item) {
    const row = make("li", "", "file"), canvas = make("canvas");
    canvas.width = canvas.height = 64;
    sketch(canvas, item.blob);
    const kind = this.kind.querySelector("option[value='" + item.body.kind + "']"), words = make("div");
    words.append(make("b", kind ? kind.textContent : ""), document.createTextNode(" " + item.name + " "), make("span", say("waiting"), "tag warn"));
    row.append(canvas, words);
    return row;
  }
}

async function sketch(canvas, blob) {
  try {
    const picture = await createImageBitmap(blob), scale = Math.max(64 / picture.width, 64 / picture.height);
    const width = picture.width * scale, height = picture.height * scale;
    canvas.getContext("2d").drawImage(picture, (64 - width) / 2, (64 - height) / 2, width, height);
  } catch { /* a document has no picture */ }
}
