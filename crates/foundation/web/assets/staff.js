// Ctrl or ⌘ and K: look for anything by keyboard. Without this, the field at the side leads to a page that finds the same.
const seek = document.querySelector("form.seek");

const make = (name, attributes, text = "") => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
};

const palette = () => {
  const dialog = make("dialog", { class: "palette", "aria-label": "Look for anything" });
  const input = make("input", {
    type: "text", role: "combobox", "aria-label": "Look for an order, a customer, a message or a page",
    "aria-controls": "palette-found", "aria-expanded": "false", "aria-autocomplete": "list", autocomplete: "off",
    spellcheck: "false", maxlength: "200", placeholder: "Order, e-mail, phone, page",
  });
  const list = make("ul", { id: "palette-found", role: "listbox", "aria-label": "What was found", hidden: "" });
  const status = make("p", { role: "status", class: "meta" });
  dialog.append(input, list, status);
  document.body.append(dialog);

  let at = -1, last = null, timer = 0;
  const options = () => [...list.children];

  const choose = (next) => {
    const all = options();
    if (!all.length) return;
    at = (next + all.length) % all.length;
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };

  const show = (found) => {
    list.replaceChildren(...found.map((one, n) => {
      const option = make("li", { id: `palette-${n}`, role: "option", "aria-selected": "false", "data-href": one.href });
      const detail = make("span", { class: "meta", dir: "auto" }, `${one.kind} · ${one.detail}`);
      option.append(make("span", { dir: "auto" }, one.label), detail);
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? `${found.length} found` : "Nothing yet. Write more of it.";
    at = -1;
    choose(0);
  };

  const look = async () => {
    last?.abort();
    last = new AbortController();
    try {
      const asked = `/a/search?format=json&q=${encodeURIComponent(input.value)}`;
      const answer = await fetch(asked, { signal: last.signal, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      show((await answer.json()).found);
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = "That did not work. Press Enter for the page that searches.";
    }
  };

  const follow = (option) => {
    const href = option?.dataset.href ?? `/a/search?q=${encodeURIComponent(input.value)}`;
    if (href === "/a" || href.startsWith("/a/")) location.assign(href);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 120);
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(at + step);
    else if (event.key === "Enter") follow(options()[at]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => follow(event.target.closest("[role=option]")));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return () => {
    input.value = "";
    dialog.showModal();
    input.focus();
    look();
  };
};

if (seek && "showModal" in HTMLDialogElement.prototype) {
  let open = null;
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open ??= palette();
    if (!document.querySelector("dialog[open]")) open();
  });
}
