// Tells what counts on this page what happens here: that it is seen, that a form is begun and sent, that a check is
// done, that somebody leaves for another site. Who somebody is, and what they type, is told to nobody.
// Nothing is sent and nothing is loaded before the visitor agrees, where that is asked for; a browser that asks not to be
// tracked is asked nothing and counted by nobody. What is told is listed in tracking/events.json.
(() => {
  "use strict";
  // A form's own, also where a field has the name of it: in a browser that field would stand in its place.
  const of = (form, name) => {
    const own = Reflect.get(HTMLFormElement.prototype, name, form);
    return typeof own === "function" ? own.bind(form) : own;
  };
  const own = document.currentScript;
  const box = document.getElementById("measurement");
  if (!own || !box) return;
  const { profile, address, permission, storage, page, piece } = own.dataset;
  const names = new Map(own.dataset.events.trim().split(/\s+/).map((pair) => pair.split("=")));
  const here = new URL(location.href);
  const common = { deployment_id: own.dataset.deployment, partner_id: own.dataset.partner, page, locale: own.dataset.locale };

  // The page's own address, with the campaign of the link that led here and nothing else of it.
  const told = new URL(own.dataset.url);
  for (const [name, value] of here.searchParams) {
    if (/^utm_[a-z_]+$/.test(name)) told.searchParams.set(name, value.slice(0, 100));
  }
  const from = () => {
    try {
      const referrer = new URL(document.referrer);
      return /^https?:$/.test(referrer.protocol) && referrer.host !== here.host ? `${referrer.origin}/` : "";
    } catch {
      return "";
    }
  };
  const post = (type, body) => {
    fetch(address, { method: "POST", headers: { "Content-Type": type }, body, keepalive: true, credentials: "omit", referrerPolicy: "no-referrer" }).catch(() => {});
  };

  const tools = {
    plausible(name, details) {
      const { domain } = own.dataset;
      post("text/plain", JSON.stringify({ name, domain, url: told.href, referrer: from(), props: details }));
    },
    umami(name, details) {
      const payload = { website: own.dataset.website, hostname: told.host, url: told.pathname + told.search, referrer: from(), title: document.title, language: details.locale };
      if (name) Object.assign(payload, { name, data: details });
      post("application/json", JSON.stringify({ type: "event", payload }));
    },
    matomo(name, details) {
      const values = { idsite: own.dataset.site, rec: "1", apiv: "1", send_image: "0", url: told.href, urlref: from(), rand: String(Math.random()).slice(2) };
      if (name === "action_name") values.action_name = document.title;
      else Object.assign(values, { ca: "1", e_c: details.page, e_a: name, e_n: details.request || details.piece || details.to || details.locale });
      post("application/x-www-form-urlencoded", new URLSearchParams(values).toString());
    },
    gtm(name, details) {
      // The container counts the page by itself, once it is loaded.
      if (name !== names.get("page_view")) window.dataLayer.push({ event: name, ...details });
    },
  };

  // Basic consent mode: neither the container nor a word to Google before the visitor agreed.
  const load = () => {
    window.dataLayer = window.dataLayer || [];
    function gtag() { window.dataLayer.push(arguments); }
    const nothing = { ad_storage: "denied", ad_user_data: "denied", ad_personalization: "denied", analytics_storage: "denied" };
    gtag("consent", "default", nothing);
    gtag("consent", "update", { ...nothing, analytics_storage: "granted" });
    window.dataLayer.push({ ...common, page_location: told.href });
    window.dataLayer.push({ "gtm.start": Date.now(), event: "gtm.js" });
    const script = document.createElement("script");
    script.async = true;
    script.src = `https://www.googletagmanager.com/gtm.js?id=${encodeURIComponent(own.dataset.container)}`;
    document.head.append(script);
  };

  let counting = false;
  const happened = (event, details = {}) => {
    if (counting && names.has(event)) tools[profile](names.get(event), { ...common, ...details });
  };
  const begin = () => {
    if (counting) return;
    counting = true;
    if (profile === "gtm") load();
    happened("page_view");
    if (piece) happened("file_download", { piece });
  };

  // An answer is kept no longer than the tab is open, and only where the region lets something be kept on the device.
  // Else a refusal goes along in the addresses of this site's pages, where it harms nobody who is sent one of them; a
  // permission holds for this page alone.
  const key = "measure";
  const kept = () => {
    try {
      return storage === "none" ? null : sessionStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const keep = (answer) => {
    try {
      if (storage === "session" || (storage === "after_consent" && answer === "yes")) sessionStorage.setItem(key, answer);
      else sessionStorage.removeItem(key);
    } catch {
      // A browser that keeps nothing asks again.
    }
  };
  const mark = (refused) => {
    for (const link of document.querySelectorAll("a[href]")) {
      const written = link.getAttribute("href");
      if (/^([a-z][a-z0-9+.-]*:|\/\/|#)/i.test(written)) continue;
      const [whole, fragment] = written.split("#");
      const plain = whole.replace(/[?&]measure=no$/, "");
      const address = refused ? `${plain}${plain.includes("?") ? "&" : "?"}${key}=no` : plain;
      link.setAttribute("href", fragment === undefined ? address : `${address}#${fragment}`);
    }
  };
  const forget = () => {
    for (const pair of document.cookie.split(";")) {
      const name = pair.split("=")[0].trim();
      if (!/^_ga/.test(name)) continue;
      const labels = location.hostname.split(".");
      for (let at = 0; at < labels.length; at += 1) document.cookie = `${name}=; Max-Age=0; path=/; domain=${labels.slice(at).join(".")}`;
      document.cookie = `${name}=; Max-Age=0; path=/`;
    }
  };

  const show = (state) => {
    box.dataset.state = state;
    for (const part of box.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
    box.hidden = false;
  };
  const start = () => {
    show("on");
    mark(false);
    begin();
  };
  const stop = () => {
    show("off");
    mark(true);
  };
  box.addEventListener("click", (event) => {
    const answer = event.target instanceof Element && event.target.closest("[data-measure]")?.dataset.measure;
    if (answer === "yes") {
      keep("yes");
      start();
    } else if (answer === "no") {
      const ran = counting;
      keep("no");
      // What another page of this visit left goes as well.
      if (profile === "gtm") forget();
      if (ran && profile === "gtm") {
        // What was loaded cannot be taken back: the page is opened anew, without it.
        here.searchParams.set(key, "no");
        location.replace(here);
      }
      counting = false;
      stop();
    }
  });

  // What happens on the page.
  for (const form of document.querySelectorAll("form[data-request]")) {
    const { request } = of(form, "dataset");
    // A form that only leads on to the page of another system is no request yet.
    const isOwn = of(form, "method") === "post";
    if (isOwn) of(form, "addEventListener")("input", () => happened("form_start", { request }), { once: true });
    of(form, "addEventListener")("submit", () => {
      const trap = of(form, "querySelector")(".trap input");
      if (trap && trap.value) return;
      if (isOwn) happened("generate_lead", { request });
      else happened("outbound", { to: new URL(of(form, "action")).hostname });
    });
  }
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!link || !/^https?:$/.test(link.protocol) || [here.hostname, told.hostname].includes(link.hostname)) return;
    happened("outbound", { to: link.hostname });
  });
  const answers = document.getElementById("answers");
  let done = false;
  answers?.addEventListener("change", () => {
    const questions = answers.querySelectorAll("fieldset").length;
    const given = answers.querySelectorAll("input:checked").length;
    if (given === questions && !done) happened("self_check_completed");
    done = given === questions;
  });

  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1") return;
  const answer = here.searchParams.get(key) === "no" ? "no" : kept();
  if (answer === "no") stop();
  else if (answer === "yes" || permission === "objection") start();
  else show("ask");
})();
