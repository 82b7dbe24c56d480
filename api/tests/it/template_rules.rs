//! Two judges of templates that share no code: Wigwag's rules, which say beforehand what Meta will say, and the
//! simulator's, which stand for Meta. On each case they agree.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use wigwag_meta::http;
use wigwag_model::template_rules::{Draft, Problem, check};
use wigwag_simulator::{Options, Running, Simulator, VirtualClock};

#[path = "../../../model/tests/template_rules/cases/mod.rs"]
mod cases;

use cases::{Meta, cases};

/// 1 November 2026, 10:00 UTC.
const START_US: i64 = 1_793_527_200_000_000;

fn ours(draft: &Value) -> Vec<Problem> {
    let text = |key: &str| draft[key].as_str().unwrap_or_default().to_owned();
    check(&Draft {
        name: text("name"),
        language: text("language"),
        category: text("category"),
        parameter_format: text("parameter_format"),
        components: draft["components"].clone(),
        ttl_seconds: draft["ttl_seconds"].as_i64(),
    })
}

struct Judge {
    sim: Running,
    http: reqwest::Client,
}

impl Judge {
    async fn start() -> Self {
        let sim = Simulator::start(Options {
            clock: Arc::new(VirtualClock::frozen_at(START_US)),
            ..Options::default()
        })
        .await
        .unwrap();
        let http = http::client(&http::Options {
            system_proxy: false,
            ..http::Options::default()
        })
        .unwrap();
        Self { sim, http }
    }

    async fn theirs(&self, draft: &Value) -> (Meta, Value) {
        let mut body = draft.clone();
        if let Some(seconds) = body.as_object_mut().unwrap().remove("ttl_seconds") {
            body["message_send_ttl_seconds"] = seconds;
        }
        let known = &self.sim.credentials;
        let url = format!("{}/v25.0/{}/message_templates", self.sim.url, known.waba_id);
        let answer = self
            .http
            .post(url)
            .bearer_auth(&known.access_token)
            .json(&body)
            .send()
            .await
            .unwrap();
        let good = answer.status().is_success();
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        if !good {
            return (Meta::Refuses, answer);
        }
        self.sim.advance(Duration::from_mins(1));
        let id = answer["id"].as_str().unwrap();
        let url = format!(
            "{}/v25.0/{id}?fields=status,rejection_info,category",
            self.sim.url
        );
        for _ in 0..200 {
            let node = self
                .http
                .get(&url)
                .bearer_auth(&known.access_token)
                .send()
                .await
                .unwrap();
            let node: Value = serde_json::from_str(&node.text().await.unwrap()).unwrap();
            match node["status"].as_str() {
                Some("APPROVED") => return (Meta::Takes, node),
                Some("REJECTED") => return (Meta::Rejects, node),
                _ => wigwag_engine::wait::pause(Duration::from_millis(5)).await,
            }
        }
        (Meta::Refuses, json!("the review does not end"))
    }
}

#[tokio::test]
async fn both_judges_agree_on_each_case() {
    let judge = Judge::start().await;
    let mut disagree = Vec::new();
    for (no, case) in cases().into_iter().enumerate() {
        let mut draft = case.draft.clone();
        // A name is taken once, but for those that are the case.
        if draft["name"] == "order_update" {
            draft["name"] = format!("case_{no}").into();
        }
        // No more than 100 may be made in an hour.
        judge.sim.advance(Duration::from_mins(2));
        let problems = ours(&draft);
        let (theirs, answer) = judge.theirs(&draft).await;
        let agree = match case.wanted {
            None => problems.is_empty() && theirs == Meta::Takes,
            Some((code, _)) => problems.iter().any(|one| one.code == code) && theirs == case.meta,
        };
        if !agree {
            disagree.push(format!(
                "{}: ours {problems:?}, theirs {theirs:?} {answer}",
                case.name
            ));
        }
    }
    assert!(disagree.is_empty(), "{}", disagree.join("\n"));
    judge.sim.shutdown().await;
}
