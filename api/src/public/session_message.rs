//! Session messages: what `type` and `data` say (Interakt: Send Session Messages).

use serde_json::Value;
use wigwag_engine::media::Kind;
use wigwag_engine::messages::{Linked, What};

use crate::problem::Problem;

/// Most characters of a text message (Meta: Text messages).
const MOST_TEXT: usize = 4_096;

/// What a session message says.
pub(super) fn what(kind: &str, data: Option<Value>) -> Result<What, Problem> {
    let Some(Value::Object(data)) = data else {
        let message = format!("a message of the type {kind} needs an object");
        return Err(if known(kind) {
            Problem::field("data", "required", message)
        } else {
            unknown()
        });
    };
    let data = Value::Object(data);
    match kind.to_ascii_lowercase().as_str() {
        "text" => Ok(What::Text {
            body: words(&data)?,
            preview_url: false,
        }),
        "image" => file(Kind::Image, &data),
        "video" => file(Kind::Video, &data),
        "audio" => file(Kind::Audio, &data),
        "document" => file(Kind::Document, &data),
        "sticker" => file(Kind::Sticker, &data),
        "interactivebutton" | "button" => interactive("button", data),
        "interactivelist" | "list" => interactive("list", data),
        _ => Err(unknown()),
    }
}

fn known(kind: &str) -> bool {
    const KINDS: [&str; 10] = [
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "interactivebutton",
        "button",
        "interactivelist",
        "list",
    ];
    KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known))
}

fn unknown() -> Problem {
    Problem::field(
        "type",
        "unknown",
        "must be Text, Image, Video, Audio, Document, Sticker, InteractiveButton, InteractiveList or Template",
    )
}

fn words(data: &Value) -> Result<String, Problem> {
    let field = "data.message";
    let text = data["message"]
        .as_str()
        .ok_or_else(|| Problem::field(field, "required", "write the text"))?;
    match text.chars().count() {
        0 => Err(Problem::field(field, "required", "write the text")),
        1..=MOST_TEXT => Ok(text.to_owned()),
        _ => Err(Problem::field(
            field,
            "too_long",
            "use at most 4,096 characters",
        )),
    }
}

fn file(kind: Kind, data: &Value) -> Result<What, Problem> {
    let url = data["mediaUrl"].as_str().unwrap_or_default().trim();
    if url.is_empty() {
        let message = "give the https:// address of the file";
        return Err(Problem::field("data.mediaUrl", "required", message));
    }
    let text = |key: &str| {
        data[key]
            .as_str()
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
    };
    let filename = text("fileName");
    if filename
        .as_ref()
        .is_some_and(|name| name.chars().count() > 240)
    {
        let message = "use at most 240 characters";
        return Err(Problem::field("data.fileName", "too_long", message));
    }
    Ok(What::Link {
        kind,
        file: Linked {
            url: url.to_owned(),
            filename,
        },
        caption: text("message"),
    })
}

/// `data.message` in Meta's shape; or `data` itself, as some clients send it.
fn interactive(kind: &str, mut data: Value) -> Result<What, Problem> {
    let mut message = match data["message"].take() {
        Value::Null => {
            if let Some(object) = data.as_object_mut() {
                object.remove("message");
            }
            data
        }
        message => message,
    };
    let Some(object) = message.as_object_mut() else {
        let message = "write an object with `body` and `action`, in WhatsApp's shape";
        return Err(Problem::field("data.message", "invalid", message));
    };
    for part in ["body", "action"] {
        if !object.get(part).is_some_and(Value::is_object) {
            let field = format!("data.message.{part}");
            return Err(Problem::field(field, "required", "write this object"));
        }
    }
    object.insert("type".to_owned(), Value::from(kind));
    Ok(What::Interactive(message))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_is_read() {
        let link = json!({"message": "caption", "mediaUrl": "https://kite.example/a", "fileName": "a.pdf"});
        for kind in ["Image", "Video", "Audio", "Document", "Sticker"] {
            let what = what(kind, Some(link.clone())).unwrap();
            assert!(matches!(what, What::Link { .. }), "{kind}");
        }
        let buttons = json!({"body": {"text": "?"}, "action": {"buttons": []}});
        for (kind, data) in [
            ("InteractiveButton", json!({"message": buttons})),
            ("Button", buttons.clone()),
            ("InteractiveList", json!({"message": buttons})),
            ("List", buttons.clone()),
        ] {
            let What::Interactive(message) = what(kind, Some(data)).unwrap() else {
                panic!("{kind}");
            };
            let wanted = if kind.contains("List") {
                "list"
            } else {
                "button"
            };
            assert_eq!(message["type"], wanted, "{kind}");
        }
    }

    #[test]
    fn what_is_wrong_names_its_field() {
        for (kind, data, field) in [
            ("Text", None, "data: "),
            ("Fax", None, "type: "),
            ("Fax", Some(json!({})), "type: "),
            ("Text", Some(json!({})), "data.message: "),
            (
                "Text",
                Some(json!({"message": "x".repeat(4_097)})),
                "data.message: ",
            ),
            ("Image", Some(json!({"message": "x"})), "data.mediaUrl: "),
            ("List", Some(json!({"message": "x"})), "data.message: "),
            (
                "List",
                Some(json!({"message": {"body": {}}})),
                "data.message.action: ",
            ),
        ] {
            let problem = what(kind, data.clone()).unwrap_err();
            assert!(
                problem.detail().starts_with(field),
                "{kind} {data:?}: {}",
                problem.detail()
            );
        }
    }
}
