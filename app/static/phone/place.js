// Where the device is, when it may say; asked for once it matters and never waited for long.
let last = null;

export function place() {
  if (!navigator.geolocation) { return Promise.resolve({}); }
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(last || {}), 4000);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        clearTimeout(timer);
        last = { latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy };
        resolve(last);
      },
      () => { clearTimeout(timer); resolve(last || {}); },
      { enableHighAccuracy: true, timeout: 4000, maximumAge: 60000 }
    );
  });
}
