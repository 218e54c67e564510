//! One tab, seen in a certain way.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetScriptExecutionDisabledParams,
};
use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams,
};
use chromiumoxide::cdp::browser_protocol::log::{EventEntryAdded, LogEntryLevel};
use chromiumoxide::cdp::browser_protocol::page::Viewport;
use chromiumoxide::cdp::js_protocol::runtime::{
    ConsoleApiCalledType, EvaluateParams, EventConsoleApiCalled, EventExceptionThrown,
};
use chromiumoxide::layout::Point;
use chromiumoxide::page::{MediaTypeParams, ScreenshotParams};
use futures::StreamExt;
use serde::de::DeserializeOwned;
use stories::process;

use crate::{Result, in_words, within};

/// How long an expression may take to come true: 10 seconds in steps.
const PAUSE: Duration = Duration::from_millis(20);
const PATIENCE: u32 = 500;

/// How a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
    /// Whether the person prefers dark pages.
    pub dark: bool,
    /// Whether scripts run.
    pub scripts: bool,
    /// Whether the page is turned to be read from right to left, as for Arabic, whatever its language.
    pub right_to_left: bool,
}

impl View {
    /// The narrowest screen anybody uses, and what 400 % zoom makes of a desktop.
    pub const PHONE: View =
        View { width: 320, height: 640, dark: false, scripts: true, right_to_left: false };
    /// A desktop.
    pub const DESK: View = View { width: 1280, height: 800, ..View::PHONE };

    /// The same, dark.
    pub const fn dark(self) -> View {
        View { dark: true, ..self }
    }

    /// The same, without scripts.
    pub const fn without_scripts(self) -> View {
        View { scripts: false, ..self }
    }

    /// The same, from right to left.
    pub const fn right_to_left(self) -> View {
        View { right_to_left: true, ..self }
    }
}

/// A tab with a page in it.
pub struct Page {
    tab: chromiumoxide::Page,
    view: View,
    complaints: Arc<Mutex<Vec<String>>>,
}

impl Page {
    /// Sets everything that must be so before the first byte of a page arrives.
    pub(crate) async fn prepare(tab: chromiumoxide::Page, view: View) -> Result<Page> {
        let page = Page { tab, view, complaints: Arc::default() };
        page.listen().await?;
        let phone = view.width < 600;
        let metrics =
            SetDeviceMetricsOverrideParams::new(i64::from(view.width), i64::from(view.height), 2.0, phone);
        within(page.tab.execute(metrics)).await?;
        let scheme = MediaFeature::new("prefers-color-scheme", if view.dark { "dark" } else { "light" });
        within(page.tab.emulate_media_features(vec![scheme])).await?;
        let scripts = SetScriptExecutionDisabledParams::new(!view.scripts);
        within(page.tab.execute(scripts)).await?;
        Ok(page)
    }

    /// Collects what a person with the developer tools open would see in red, a refused script or style included.
    async fn listen(&self) -> Result<()> {
        let mut entries = within(self.tab.event_listener::<EventEntryAdded>()).await?;
        let mut thrown = within(self.tab.event_listener::<EventExceptionThrown>()).await?;
        let mut calls = within(self.tab.event_listener::<EventConsoleApiCalled>()).await?;
        within(self.tab.enable_log()).await?;
        let complaints = Arc::clone(&self.complaints);
        let complain = move |words: String| {
            complaints.lock().unwrap_or_else(PoisonError::into_inner).push(words);
        };
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    Some(event) = entries.next() => {
                        if event.entry.level == LogEntryLevel::Error {
                            complain(event.entry.text.clone());
                        }
                    }
                    Some(event) = thrown.next() => complain(format!("{:?}", event.exception_details)),
                    Some(event) = calls.next() => {
                        if event.r#type == ConsoleApiCalledType::Error {
                            complain(format!("console.error: {:?}", event.args));
                        }
                    }
                    else => break,
                }
            }
        });
        Ok(())
    }

    /// Goes to an address and waits until the page is loaded.
    pub async fn go(&self, url: &str) -> Result<()> {
        within(self.tab.goto(url)).await?;
        if self.view.right_to_left {
            self.ask::<bool>("document.documentElement.dir = 'rtl', true").await?;
        }
        Ok(())
    }

    /// Where it is now.
    pub async fn url(&self) -> Result<String> {
        self.ask("location.href").await
    }

    /// The words on the page, as a person reads them.
    pub async fn text(&self) -> Result<String> {
        self.ask("document.body.innerText").await
    }

    /// Follows a link or presses a button as a mouse does, and waits for the page it leads to.
    pub async fn click_through(&self, selector: &str) -> Result<()> {
        let quoted = format!("{selector:?}");
        let middle = format!(
            "(e => {{ e.scrollIntoView({{ block: 'center' }}); const box = e.getBoundingClientRect();
               window.leaving = true; return [box.x + box.width / 2, box.y + box.height / 2];
             }})(document.querySelector({quoted}))"
        );
        let (x, y) = self.ask(&middle).await.map_err(|error| format!("{selector}: {error}"))?;
        within(self.tab.click(Point::new(x, y))).await?;
        self.wait_until("!window.leaving && document.readyState === 'complete'").await
    }

    /// Presses a key that writes nothing, such as `Tab`, and `Enter`, which submits and follows.
    pub async fn press(&self, key: &str) -> Result<()> {
        let (code, text) = match key {
            "Tab" => (9, None),
            "Enter" => (13, Some("\r")),
            "Escape" => (27, None),
            "Space" => (32, Some(" ")),
            "ArrowUp" => (38, None),
            "ArrowDown" => (40, None),
            "Ctrl+k" => (75, None),
            _ => return Err(format!("no test has needed the key {key} yet")),
        };
        const CTRL: i64 = 2;
        let (key, modifiers) = key.strip_prefix("Ctrl+").map_or((key, 0), |key| (key, CTRL));
        let name = if key == "Space" { " " } else { key };
        let event = |kind: DispatchKeyEventType| {
            let event =
                DispatchKeyEventParams::builder().r#type(kind).key(name).code(key).modifiers(modifiers);
            event.windows_virtual_key_code(code).native_virtual_key_code(code)
        };
        let mut down = event(DispatchKeyEventType::KeyDown);
        if let Some(text) = text {
            down = down.text(text);
        }
        within(self.tab.execute(down.build()?)).await?;
        within(self.tab.execute(event(DispatchKeyEventType::KeyUp).build()?)).await?;
        Ok(())
    }

    /// Writes into whatever has the focus.
    pub async fn write(&self, text: &str) -> Result<()> {
        within(self.tab.execute(InsertTextParams::new(text))).await?;
        Ok(())
    }

    /// Waits until an expression is true, as after a key that leads to another page.
    pub async fn wait_until(&self, expression: &str) -> Result<()> {
        for _ in 0..PATIENCE {
            // While one page goes and the next comes there is nobody to ask.
            if self.ask::<bool>(expression).await.unwrap_or(false) {
                return Ok(());
            }
            pause().await?;
        }
        Err(format!("never true: {expression}"))
    }

    /// Loads the page again and again until an expression is true.
    pub async fn reload_until(&self, expression: &str) -> Result<()> {
        for _ in 0..PATIENCE {
            if self.ask::<bool>(expression).await? {
                return Ok(());
            }
            pause().await?;
            within(self.tab.reload()).await?;
        }
        Err(format!("never true, however often it was loaded: {expression}"))
    }

    /// What has the focus: its element, and where it leads or what it is called.
    pub async fn focused(&self) -> Result<String> {
        self.ask(
            "(e => [e.tagName.toLowerCase(), e.getAttribute('href') || e.name || e.id || '', e.innerText || ''].join(' ').trim())(document.activeElement)",
        )
        .await
    }

    /// Whether what has the focus lies within the window, and something shows that it has it.
    pub async fn focus_is_seen(&self) -> Result<bool> {
        self.ask(
            "(e => { const box = e.getBoundingClientRect(), style = getComputedStyle(e);
               const inside = box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0
                 && box.top < innerHeight && box.left < innerWidth;
               return inside && (style.outlineStyle !== 'none' || style.boxShadow !== 'none'); })(document.activeElement)",
        )
        .await
    }

    /// What sticks out at the side, so that a person has to scroll to read on; empty is good. A page that doesn't
    /// fit itself to a phone counts as sticking out.
    pub async fn sticking_out(&self) -> Result<Vec<String>> {
        let width = self.view.width;
        let wide = format!(
            "(width => {{ const page = document.documentElement.scrollWidth;
               const out = [...document.body.querySelectorAll('*')].filter(e => {{
                 const box = e.getBoundingClientRect();
                 return box.width > 0 && (box.right > width + 1 || box.left < -1);
               }}).map(e => e.tagName.toLowerCase() + (e.className ? '.' + e.className : ''));
               return page > width ? ['the page is ' + page + ' wide'].concat(out.slice(0, 9)) : [];
             }})({width})"
        );
        self.ask(&wide).await
    }

    /// Looks at the page as it is printed from now on.
    pub async fn on_paper(&self) -> Result<()> {
        within(self.tab.emulate_media_type(MediaTypeParams::Print)).await.map(drop)
    }

    /// What the browser has complained about so far: failed scripts, refused styles, things not found.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Photographs the whole page to `target/screenshots/NAME.png`, for people; no test compares pictures.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let size = within(self.tab.layout_metrics()).await?.css_content_size;
        let whole = Viewport { x: 0.0, y: 0.0, width: size.width, height: size.height, scale: 1.0 };
        // Not the driver's own way to photograph a whole page: that gives up the view's width afterwards.
        let params = ScreenshotParams::builder().clip(whole).capture_beyond_viewport(true).build();
        let picture = within(self.tab.screenshot(params)).await?;
        let path = screenshots()?.join(format!("{name}.png"));
        fs::write(&path, picture).map_err(in_words)?;
        Ok(path)
    }

    /// The value of an expression; it is read even where the page's own scripts don't run.
    pub async fn ask<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let asked = EvaluateParams::builder().expression(expression).return_by_value(true).build()?;
        let value = within(self.tab.evaluate_expression(asked)).await?;
        value.into_value().map_err(|error| format!("{expression}: {error}"))
    }

    pub(crate) fn tab(&self) -> &chromiumoxide::Page {
        &self.tab
    }
}

/// A moment, without keeping the browser's events waiting.
async fn pause() -> Result<()> {
    tokio::task::spawn_blocking(|| process::wait_for(PAUSE, || None::<()>)).await.map(drop).map_err(in_words)
}

/// Beside what is built: TARGET/debug/deps/browser-0123 → TARGET/screenshots.
fn screenshots() -> Result<PathBuf> {
    let program = std::env::current_exe().map_err(in_words)?;
    let target = program.ancestors().nth(3).ok_or("a test lies in its target folder")?;
    let folder = target.join("screenshots");
    fs::create_dir_all(&folder).map_err(in_words)?;
    Ok(folder)
}
