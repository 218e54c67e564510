//! A page that is watched for what no page of ours may do: run somebody's text, or ask anybody else for anything.

use std::sync::{Arc, Mutex, PoisonError};

use chromiumoxide::cdp::browser_protocol::network::EventRequestWillBeSent;
use chromiumoxide::cdp::browser_protocol::page::{
    AddScriptToEvaluateOnNewDocumentParams, EventJavascriptDialogOpening,
};
use chromiumoxide::cdp::js_protocol::runtime::{AddBindingParams, EventBindingCalled};
use futures::StreamExt;

use crate::{Page, Result, in_words, within};

/// By what a page tells the watcher that something ran.
const BINDING: &str = "trapped";

/// Stands before every document in every frame: whatever texts call, tells instead.
const HOOKS: &str = r#"(() => {
  const tell = (name) => (...said) => { trapped(name + " " + said.map(String).join(" ")); };
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = tell(name);
})()"#;

/// Does with every element what a person could, and names what would run when somebody does: first the handlers, then
/// the links, forms and pictures of an address that is none.
const TOUCH: &str = r#"(() => {
  const found = [], scheme = /^[\u0000-\u0020]*(j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t|v\s*b\s*s\s*c\s*r\s*i\s*p\s*t|data)\s*:/i;
  addEventListener("click", (event) => event.preventDefault(), true);
  addEventListener("submit", (event) => event.preventDefault(), true);
  for (const element of document.querySelectorAll("*")) {
    for (const kind of ["mouseover", "pointerenter", "focus", "click"])
      element.dispatchEvent(new Event(kind, { bubbles: kind !== "focus", cancelable: true }));
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) found.push("handler " + name + "=" + value);
      const leads = /^(xlink:)?href$|^src$|^action$|^formaction$|^data$|^srcdoc$/i.test(name);
      if (leads && scheme.test(value) && !(name === "src" && /^data:image\//.test(value)))
        found.push("address " + value);
    }
  }
  return found;
})()"#;

/// What was seen on a watched page.
#[derive(Clone, Default)]
pub struct Trap {
    sprung: Arc<Mutex<Vec<String>>>,
}

impl Trap {
    /// Everything that happened since the last time this was asked.
    pub fn sprung(&self) -> Vec<String> {
        std::mem::take(&mut *self.sprung.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn spring(&self, words: String) {
        self.sprung.lock().unwrap_or_else(PoisonError::into_inner).push(words);
    }
}

impl Page {
    /// Watches every document this tab shows from now on. What is asked of `home` is no trap.
    pub async fn watch(&self, home: &str) -> Result<Trap> {
        let trap = Trap::default();
        let mut requests = within(self.tab().event_listener::<EventRequestWillBeSent>()).await?;
        let mut dialogs = within(self.tab().event_listener::<EventJavascriptDialogOpening>()).await?;
        let mut told = within(self.tab().event_listener::<EventBindingCalled>()).await?;
        within(self.tab().execute(AddBindingParams::new(BINDING))).await?;
        let hooks = AddScriptToEvaluateOnNewDocumentParams::new(HOOKS);
        within(self.tab().execute(hooks)).await?;
        let (watcher, home) = (trap.clone(), home.to_owned());
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    Some(event) = requests.next() => {
                        let url = &event.request.url;
                        let inside = url.starts_with(&home) || url.starts_with("data:") || url.starts_with("about:");
                        if !inside {
                            watcher.spring(format!("request {url}"));
                        }
                    }
                    Some(event) = dialogs.next() => watcher.spring(format!("dialog {}", event.message)),
                    Some(event) = told.next() => watcher.spring(event.payload.clone()),
                    else => break,
                }
            }
        });
        Ok(trap)
    }

    /// Touches everything on the page as a person could, and says what waits there to be run.
    pub async fn touch(&self) -> Result<Vec<String>> {
        self.ask(TOUCH).await
    }

    /// Waits until what was begun on the page has happened.
    pub async fn settle(&self) -> Result<()> {
        // Two turns of the browser's own loop: what was begun by the touch has told by then.
        let turns = "new Promise(done => setTimeout(() => setTimeout(() => done(true), 20), 20))";
        let params = chromiumoxide::cdp::js_protocol::runtime::EvaluateParams::builder()
            .expression(turns)
            .await_promise(true)
            .return_by_value(true)
            .build()
            .map_err(in_words)?;
        within(self.tab().evaluate_expression(params)).await.map(drop)
    }
}
