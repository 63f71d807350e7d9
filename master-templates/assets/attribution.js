// Copies campaign parameters of this visit from the address into the form's hidden fields of the same name.
// Nothing is stored on the device and nothing is sent: the values leave with the form, or not at all.
(() => {
  "use strict";
  const names = /^(utm_[a-z_]+|gclid|gbraid|wbraid|msclkid|li_fat_id|fbclid|ttclid|twclid)$/;
  const given = new URLSearchParams(location.search);
  for (const field of document.querySelectorAll("form input[type=hidden]")) {
    const value = names.test(field.name) ? given.get(field.name) : null;
    if (value) field.value = value.slice(0, 200);
    if (field.name === "referrer" && document.referrer) field.value = document.referrer.slice(0, 400);
    if (field.name === "landing_page") field.value = (location.origin + location.pathname).slice(0, 400);
  }
})();
