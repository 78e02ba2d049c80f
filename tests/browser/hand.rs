//! What a reader does: a pointer, a finger, a keyboard.

use fantoccini::error::CmdError;
use serde_json::{Value, json};

use crate::driver::Browser;

/// A place in the window, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub x: f64,
    pub y: f64,
}

impl Place {
    /// From `{x, y}` in the page.
    pub fn of(value: &Value) -> Self {
        let number = |key: &str| {
            value[key].as_f64().unwrap_or_else(|| panic!("{value} has no coordinate {key}"))
        };
        Self { x: number("x"), y: number("y") }
    }
}

impl Browser {
    /// The middle of the first line of what an expression gives.
    pub async fn middle(&self, element: &str) -> Result<Place, CmdError> {
        let place = format!(
            "(() => {{ const box = ({element}).getClientRects()[0];
                return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }} }})()"
        );
        Ok(Place::of(&self.value(&place).await?))
    }

    /// Moves the pointer.
    pub async fn hover(&self, at: Place) -> Result<(), CmdError> {
        let event = json!({ "type": "mouseMoved", "x": at.x, "y": at.y });
        self.devtools("Input.dispatchMouseEvent", event).await.map(drop)
    }

    /// Presses and releases the left button.
    pub async fn click(&self, at: Place) -> Result<(), CmdError> {
        for kind in ["mousePressed", "mouseReleased"] {
            let event =
                json!({ "type": kind, "x": at.x, "y": at.y, "button": "left", "clickCount": 1 });
            self.devtools("Input.dispatchMouseEvent", event).await?;
        }
        Ok(())
    }

    /// Touches the screen.
    pub async fn tap(&self, at: Place) -> Result<(), CmdError> {
        for (kind, points) in
            [("touchStart", json!([{ "x": at.x, "y": at.y }])), ("touchEnd", json!([]))]
        {
            let event = json!({ "type": kind, "touchPoints": points });
            self.devtools("Input.dispatchTouchEvent", event).await?;
        }
        Ok(())
    }

    /// Presses and releases `Enter`, `Tab` or `Escape`; `shift` with it.
    pub async fn key(&self, key: &str, shift: bool) -> Result<(), CmdError> {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Tab" => (9, ""),
            "Escape" => (27, ""),
            _ => panic!("{key} has no code here"),
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({ "type": kind, "key": key, "code": key,
                "windowsVirtualKeyCode": code, "modifiers": if shift { 8 } else { 0 } });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.devtools("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }
}
