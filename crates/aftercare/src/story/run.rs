//! Runs a story step by step: who, when, which case, the call, then what must be true. Owns the story's memory.

use super::body;
use super::client::{Answer, Ask, Client};
use super::file::Story;
use super::prepare::{About, Said, take_text};
use super::report::{Step, Told};
use super::value::At;
use super::verbs::{Verb, verb};
use super::world::World;
use super::{expect, path, special, times};
use aftercare_domain::time::Micros;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::time::Duration;

/// Callbacks must be delivered within this time.
const CALLBACKS: Duration = Duration::from_secs(20);

/// A story under way.
pub struct Run<'a> {
    pub story: &'a Story,
    pub world: &'a mut World,
    told: &'a mut Told,
    pub now: Micros,
    /// Answers kept by name.
    saved: HashMap<String, Value>,
    /// Shop and id of the case talked about.
    pub case: Option<(String, String)>,
    /// The answer of the step before the expectations.
    pub answer: Answer,
    /// Orders as taken in last, by number.
    pub orders: HashMap<String, Value>,
}

impl<'a> Run<'a> {
    pub fn new(story: &'a Story, world: &'a mut World, told: &'a mut Told) -> Self {
        let (now, orders) = (story.start, HashMap::new());
        Self { story, world, told, now, saved: HashMap::new(), case: None, answer: Answer::default(), orders }
    }

    /// What is there, then every step.
    pub async fn all(mut self) -> Result<(), String> {
        special::given(&mut self).await.map_err(|why| format!("given: {why}"))?;
        for (n, step) in self.story.steps.iter().enumerate() {
            let verb = step.get("do").and_then(Value::as_str).unwrap_or_default().to_owned();
            let outcome = self.step(&verb, step.clone()).await;
            let at = aftercare_domain::china::local(self.now).strftime("%m-%d %H:%M:%S").to_string();
            let (outcome, faults, stop) = match outcome {
                Ok((outcome, faults)) => (outcome, faults, false),
                Err(why) => ("failed".to_owned(), vec![why], true),
            };
            self.told.step(Step { n: n + 1, verb, at, outcome, faults });
            if stop {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn step(&mut self, name: &str, mut fields: Map<String, Value>) -> Result<(String, Vec<String>), String> {
        fields.remove("do");
        let expected = fields.remove("expect");
        let refused = take_text(&mut fields, "refused")?;
        let save = take_text(&mut fields, "save")?;
        self.move_clock(&mut fields).await?;
        self.choose_case(&mut fields)?;
        let outcome = match verb(name) {
            Some(verb) => {
                let ask = self.prepare(verb, fields).await?;
                self.answer = self.world.client.ask(ask).await?;
                let code = self.answer.code().to_owned();
                let wanted = refused.as_deref().unwrap_or("ok");
                if code != wanted {
                    return Err(format!("expected {wanted}, got {code}: {}", self.answer.body));
                }
                if code == "ok" && name == "open" {
                    self.case = Some((self.shop(), path::plain(&self.answer.body["case_id"])));
                }
                code
            }
            None => special::step(self, name, fields, refused.as_deref()).await?,
        };
        if let Some(save) = save {
            let mut kept = self.answer.body.clone();
            if let (Some(kept), Some((shop, case))) = (kept.as_object_mut(), &self.case) {
                kept.entry("shop").or_insert(json!(shop));
                kept.entry("case_id").or_insert(json!(case));
            }
            self.saved.insert(save, kept);
        }
        self.settle(false).await?;
        let faults = match expected {
            Some(expected) => expect::all(self, &self.fill(&expected)?).await?,
            None => Vec::new(),
        };
        Ok((outcome, faults))
    }

    /// The request of a verb, with its variables put in.
    pub async fn prepare(&self, verb: &Verb, mut fields: Map<String, Value>) -> Result<Ask, String> {
        (verb.usual)(&mut fields);
        let Value::Object(mut fields) = self.fill(&Value::Object(fields))? else { return Err("expected a table".into()) };
        let said = Said::take(&mut fields)?;
        self.about(&self.shop()).prepare(verb, said, &fields).await
    }

    /// The page of the case talked about.
    pub async fn view(&self) -> Result<Value, String> {
        self.about(&self.shop()).view().await
    }

    fn about<'s>(&'s self, shop: &'s str) -> About<'s> {
        About { client: self.client(), shop, case: self.case.as_ref().map(|(_, case)| case.as_str()), at: self.at() }
    }

    pub fn client(&self) -> &Client {
        &self.world.client
    }

    pub fn at(&self) -> At {
        At { now: self.now, start: self.story.start }
    }

    /// The shop talked about.
    pub fn shop(&self) -> String {
        self.case.as_ref().map_or_else(|| self.world.shops[0].clone(), |(shop, _)| shop.clone())
    }

    /// Puts the values of variables in.
    pub fn fill(&self, value: &Value) -> Result<Value, String> {
        body::fill(value, &|name| match (name, &self.case) {
            ("now", _) => Some(json!(self.now)),
            ("shop", _) => Some(json!(self.shop())),
            ("case", Some((_, case))) => Some(json!(case)),
            _ => {
                let (saved, rest) = name.split_once('.').unwrap_or((name, ""));
                self.saved.get(saved).map(|kept| path::find(kept, rest)).filter(|found| !found.is_null())
            }
        })
    }

    /// Moves both clocks; what is due until then happens in order.
    pub async fn move_to(&mut self, to: Micros) -> Result<(), String> {
        if to < self.now {
            return Err(format!("the clock stands at {} and does not go back to {to}", self.now));
        }
        self.client().tell_platform("/clock", &json!({ "at": to })).await?;
        // The first node does what is due; the others find it done and only move on.
        for node in 0..self.client().nodes() {
            let body = Some(json!({ "to": to }));
            let ask = Ask { by: "admin".into(), method: Method::POST, path: "/clock".into(), body, key: None, version: None };
            let answer = self.client().ask_node(node, ask).await?;
            if answer.code() != "ok" {
                return Err(format!("the clock does not move: {}", answer.body));
            }
        }
        self.now = to;
        Ok(())
    }

    /// Lets the desk do what is due now, until no callback is on its way; late ones only when asked for.
    ///
    /// A callback may come in while the desk is at it: only a round in which none was delivered is the last one.
    pub async fn settle(&mut self, late_too: bool) -> Result<(), String> {
        let begun = std::time::Instant::now();
        let mut before = None;
        loop {
            let (mut on_the_way, mut delivered) = self.callbacks(late_too).await?;
            while on_the_way > 0 {
                if begun.elapsed() > CALLBACKS {
                    return Err("the platform's callbacks do not arrive".into());
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
                (on_the_way, delivered) = self.callbacks(late_too).await?;
            }
            if before == Some(delivered) {
                return Ok(());
            }
            before = Some(delivered);
            self.move_to(self.now).await?;
        }
    }

    /// Callbacks of the platform still to be delivered, and those delivered.
    async fn callbacks(&self, late_too: bool) -> Result<(u64, usize), String> {
        let books = self.client().books().await?;
        let late = if late_too { books["late"].as_u64() } else { None };
        let delivered = books["callbacks"].as_array().map_or(0, Vec::len);
        Ok((books["pending"].as_u64().unwrap_or(0) + late.unwrap_or(0), delivered))
    }

    async fn move_clock(&mut self, fields: &mut Map<String, Value>) -> Result<(), String> {
        let (at, after) = (take_text(fields, "at")?, take_text(fields, "after")?);
        let to = match (&at, &after) {
            (None, None) => return Ok(()),
            (Some(text), None) => {
                times::instant(text, self.now, self.story.start).ok_or_else(|| format!("at: expected a time, got {text}"))?
            }
            (None, Some(text)) => self.now + times::length(text).ok_or_else(|| format!("after: expected a length of time, got {text}"))?,
            _ => return Err("a step says `at` or `after`, not both".into()),
        };
        self.move_to(to).await
    }

    fn choose_case(&mut self, fields: &mut Map<String, Value>) -> Result<(), String> {
        if let Some(name) = take_text(fields, "case")? {
            let kept = self.saved.get(&name).ok_or_else(|| format!("no case was saved as {name}"))?;
            self.case = Some((path::plain(&kept["shop"]), path::plain(&kept["case_id"])));
        }
        if let Some(shop) = take_text(fields, "shop")?
            && self.case.as_ref().is_none_or(|(known, _)| *known != shop)
        {
            // Another shop's step is not about this case.
            self.case = Some((shop, String::new()));
        }
        Ok(())
    }
}
