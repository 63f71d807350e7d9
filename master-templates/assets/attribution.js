// Carries the campaign of this visit from page to page, and into the form.
// Nothing is sent: the values travel in the addresses of the links to other pages of this site, under a key of their own,
// and leave with the form, or not at all. Nothing is stored on the device either, save the first campaign until the tab is
// closed, where the region allows that (`legal.attribution_storage: session`). Links within the site are
// not tagged with utm_*, which analytics would read as a new visit from somewhere else.
(() => {
  "use strict";
  const key = "trail";
  // A form's own, also where a field has the name of it: in a browser that field would stand in its place.
  const of = (form, name) => {
    const own = Reflect.get(HTMLFormElement.prototype, name, form);
    return typeof own === "function" ? own.bind(form) : own;
  };
  const campaign = ["utm_source", "utm_medium", "utm_campaign", "utm_id", "utm_term", "utm_content"];
  const clicks = ["gclid", "gbraid", "wbraid", "msclkid", "li_fat_id", "fbclid", "ttclid", "twclid"];
  const first = ["utm_source", "utm_medium", "utm_campaign"];
  const allowed = new Set([...campaign, ...clicks, ...first.map((name) => `first_${name}`), "landing_page", "referrer"]);

  const here = new URL(location.href);
  // The folder of the site, in which this file stands as `assets/attribution.js`.
  const site = new URL("..", document.currentScript.src).href;
  const isKept = document.currentScript.dataset.storage === "session";
  const place = `${key} ${site}`;
  const kept = () => {
    try {
      return (isKept && sessionStorage.getItem(place)) || "";
    } catch {
      return "";
    }
  };
  const keep = (values) => {
    try {
      if (isKept) sessionStorage.setItem(place, new URLSearchParams(values).toString());
    } catch {
      // A browser that keeps nothing knows this visit alone.
    }
  };
  const trail = new Map();
  for (const [name, value] of new URLSearchParams(here.searchParams.get(key) || "")) {
    if (allowed.has(name) && value) trail.set(name, value.slice(0, 400));
  }
  const arrives = [...campaign, ...clicks].some((name) => here.searchParams.get(name));
  if (arrives) {
    // The newest visit counts as the last touch, and as a whole: a tuple is never mended from two visits.
    for (const name of [...campaign, ...clicks]) {
      const value = here.searchParams.get(name);
      if (value) trail.set(name, value.slice(0, 200));
      else trail.delete(name);
    }
  }
  // So is the first one.
  const firsts = first.map((name) => `first_${name}`);
  if (!firsts.some((name) => trail.has(name))) {
    const before = new URLSearchParams(kept());
    const isKnown = firsts.some((name) => before.get(name));
    for (const name of first) {
      const value = isKnown ? before.get(`first_${name}`) : trail.get(name);
      if (value) trail.set(`first_${name}`, value.slice(0, 200));
    }
  }
  const known = firsts.filter((name) => trail.has(name));
  if (known.length) keep(known.map((name) => [name, trail.get(name)]));
  if (!trail.has("landing_page")) {
    trail.set("landing_page", (here.origin + here.pathname).slice(0, 400));
    if (document.referrer) trail.set("referrer", document.referrer.slice(0, 400));
  }

  const carried = new URLSearchParams([...trail]).toString();
  for (const link of document.querySelectorAll("a[href]")) {
    const written = link.getAttribute("href");
    // However it is written: all others leave the site, or stay on this page.
    if (written.startsWith("#") || !link.href.startsWith(site)) continue;
    const [address, fragment] = written.split("#");
    const mark = address.includes("?") ? "&" : "?";
    link.setAttribute("href", `${address}${mark}${key}=${encodeURIComponent(carried)}${fragment === undefined ? "" : `#${fragment}`}`);
  }

  // Fields are known by what they are to us: their names are those of the system that receives the form.
  for (const form of document.querySelectorAll("form")) {
    const field = (id) => of(form, "querySelector")(`input[data-field="${id}"]`);
    for (const hidden of of(form, "querySelectorAll")("input[type=hidden][data-field]")) {
      if (trail.has(hidden.dataset.field)) hidden.value = trail.get(hidden.dataset.field);
    }
    of(form, "addEventListener")("submit", () => {
      // What is not known says nothing in the address of another page.
      if (of(form, "method") === "get") {
        for (const hidden of of(form, "querySelectorAll")("input[type=hidden]")) hidden.disabled = !hidden.value;
      }
      const seconds = field("form_seconds");
      if (seconds) seconds.value = String(Math.round(performance.now() / 1000));
    });
  }
})();
