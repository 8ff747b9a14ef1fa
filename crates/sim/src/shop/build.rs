//! Puts the world together. Owns how many of what, and when; every choice comes from one seeded source.

use super::buyer::{self, Buyer};
use super::case::CaseScript;
use super::content::{self, Conversation};
use super::goods::{self, Product, Stock};
use super::order::{self, Draft, Order};
use super::parcel::{self, Parcel};
use super::staff::{self, AGENTS};
use super::verb::Verb;
use super::{Shop, World, expand, shops};
use aftercare_domain::time::{Micros, Span};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Where the twenty cases of a round have got to.
const REACHED: [&str; 20] = [
    "closed",
    "execution",
    "closed",
    "negotiation",
    "closed",
    "execution",
    "closed",
    "diagnosis",
    "closed",
    "execution",
    "closed",
    "negotiation",
    "closed",
    "confirmation",
    "closed",
    "intake",
    "closed",
    "execution",
    "negotiation",
    "diagnosis",
];
const STAGES: [&str; 6] = ["intake", "diagnosis", "negotiation", "execution", "confirmation", "closed"];

/// A batch that came out badly: its article's first variant is sold and complained of in the last weeks, so that whoever looks for a
/// rise of defects finds one. Only in worlds large enough for it to be the exception.
mod batch {
    pub(super) const ARTICLE: &str = "EL-401";
    pub(super) const CONVERSATION: &str = "headphones-right-ear";
    /// Orders from which on a world has it.
    pub(super) const WORLD: usize = 1_000;
    pub(super) const CASES: usize = 12;
    /// Orders of it that nobody complains of.
    pub(super) const QUIET: usize = 28;
    /// Sold within.
    pub(super) const SOLD_H: i64 = 26 * 24;
    /// The oldest of its closed cases.
    pub(super) const OLDEST_H: i64 = 12 * 24;
}

/// Stands for the outbound waybill until the parcel is sent.
const OUTBOUND: &str = "outbound";

struct Builder {
    dice: ChaCha8Rng,
    now: Micros,
    shops: Vec<Shop>,
    products: Vec<Product>,
    buyers: Vec<Buyer>,
    staff: Vec<staff::Staff>,
    orders: Vec<Order>,
    parcels: Vec<Parcel>,
    cases: Vec<CaseScript>,
}

pub(crate) fn world(seed: u64, orders: usize, now: Micros) -> World {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let buyers = (0..(orders * 3 / 5).max(1)).map(|serial| buyer::make(&mut dice, serial)).collect();
    let (shops, products, staff) = (shops(), goods::all(), staff::roster());
    let mut builder = Builder { dice, now, shops, products, buyers, staff, orders: vec![], parcels: vec![], cases: vec![] };
    let conversations = content::all();
    let (cases, bad) = (orders / 10, if orders < batch::WORLD { 0 } else { batch::CASES });
    for at in 0..cases {
        let of_batch = at >= cases - bad;
        let told = conversations.iter().find(|it| of_batch && it.name == batch::CONVERSATION);
        let reach = REACHED[(at * 7 + at / conversations.len()) % REACHED.len()];
        builder.case(at, told.unwrap_or(&conversations[at % conversations.len()]), reach, of_batch);
    }
    for _ in 0..if bad == 0 { 0 } else { batch::QUIET } {
        builder.quiet_order(true);
    }
    while builder.orders.len() < orders {
        builder.quiet_order(false);
    }
    builder.finish()
}

impl Builder {
    fn finish(mut self) -> World {
        let stock = self.stock();
        self.orders.sort_by_key(|order| order.paid_at);
        self.cases.sort_by_key(|case| case.steps[0].at);
        let Self { now, shops, products, buyers, staff, orders, parcels, cases, .. } = self;
        World { now, shops, products, stock, buyers, orders, parcels, staff, cases }
    }

    fn stock(&mut self) -> Vec<Stock> {
        let mut stock = Vec::new();
        for product in &self.products {
            for place in 0..product.specs.len() {
                for warehouse in ["east", "south"] {
                    let on_hand = if self.dice.random_bool(0.12) { self.dice.random_range(0..3) } else { self.dice.random_range(5..180) };
                    stock.push(Stock { sku: product.variant(place), warehouse: warehouse.to_owned(), on_hand });
                }
            }
        }
        stock
    }

    fn hours(&mut self, from: i64, to: i64) -> Span {
        Span::minutes(self.dice.random_range(from * 60..to * 60))
    }

    /// An order nobody complains of.
    fn quiet_order(&mut self, of_batch: bool) {
        let at = if of_batch {
            let paid_at = self.now - self.hours(1, batch::SOLD_H);
            let product = self.products.iter().position(|product| product.sku == batch::ARTICLE).expect("the batch is of known goods");
            self.order(product, Some(0), 1, 1, paid_at)
        } else {
            let paid_at = self.now - self.hours(1, 90 * 24);
            let product = self.dice.random_range(0..self.products.len());
            let lines = [1, 1, 1, 2, 2, 3, 4][self.dice.random_range(0..7)];
            let quantity = if self.dice.random_bool(0.85) { 1 } else { self.dice.random_range(2..5) };
            self.order(product, None, lines, quantity, paid_at)
        };
        let paid_at = self.orders[at].paid_at;
        let shipped_at = paid_at + self.hours(3, 40);
        if shipped_at > self.now {
            return;
        }
        let signed_at = shipped_at + self.hours(30, 110);
        self.send(at, "", shipped_at, Some(signed_at).filter(|signed| *signed <= self.now), self.now);
        if self.orders[at].signed_at.is_some_and(|signed| self.now - signed > Span::days(15)) {
            self.orders[at].state = "finished".to_owned();
        }
    }

    /// An order in a shop that sells the product, with further goods of that shop; its place is answered.
    fn order(&mut self, product: usize, variant: Option<usize>, lines: usize, quantity: usize, paid_at: Micros) -> usize {
        let (serial, buyer) = (self.orders.len() + 1, self.dice.random_range(0..self.buyers.len()));
        let first = &self.products[product];
        let code = first.shops[self.dice.random_range(0..first.shops.len())].clone();
        let shop = self.shops.iter().find(|shop| shop.code == code).expect("goods name known shops");
        let others: Vec<&Product> = self.products.iter().filter(|other| other.shops.contains(&code) && other.sku != first.sku).collect();
        let variant = variant.unwrap_or_else(|| self.dice.random_range(0..first.specs.len()));
        let mut bought = vec![(first, variant, quantity as i64)];
        for place in 1..lines {
            let other = others[(self.dice.random_range(0..others.len()) + place) % others.len()];
            if bought.iter().all(|(product, ..)| product.sku != other.sku) {
                bought.push((other, self.dice.random_range(0..other.specs.len()), 1));
            }
        }
        let draft = Draft { serial, shop: &shop.code, platform: &shop.platform, buyer: &self.buyers[buyer].nick, paid_at, goods: bought };
        self.orders.push(order::make(&mut self.dice, draft));
        serial - 1
    }

    /// The parcel leaves; the reports end with the signing, or at `known_at` where nothing was signed.
    fn send(&mut self, at: usize, how: &str, shipped_at: Micros, signed_at: Option<Micros>, known_at: Micros) {
        let (serial, now) = (self.parcels.len() + 1, self.now);
        let order = &mut self.orders[at];
        let bulky = order.lines.iter().any(|line| line.bulky);
        let (carrier, waybill) = parcel::waybill(&mut self.dice, serial, bulky);
        order.lines.iter_mut().for_each(|line| line.shipped = line.quantity);
        order.shipped_at = Some(shipped_at);
        order.signed_at = signed_at;
        order.state = if signed_at.is_some() { "signed" } else { "shipped" }.to_owned();
        let buyer = self.buyers.iter().find(|buyer| buyer.nick == order.buyer).expect("orders name known buyers");
        let how = if how.is_empty() && signed_at.is_none() { "moving" } else { how };
        let end = signed_at.or(Some(known_at));
        let weight = |line: &order::Line| {
            let product = self.products.iter().find(|product| line.sku.starts_with(&product.sku)).expect("lines name known goods");
            product.weight_g * line.quantity
        };
        self.parcels.push(Parcel {
            waybill,
            carrier,
            direction: "out".to_owned(),
            order_no: order.order_no.clone(),
            weight_g: order.lines.iter().map(weight).sum(),
            line_nos: order.lines.iter().map(|line| line.line_no).collect(),
            traces: parcel::journey(&mut self.dice, how, &buyer.city, shipped_at, end, now),
        });
    }

    /// A problem: its order first, then the script, then both are put where they belong in time.
    fn case(&mut self, at: usize, conversation: &Conversation, reach: &str, of_batch: bool) {
        let fits: Vec<usize> = (0..self.products.len())
            .filter(|place| conversation.goods.is_empty() || conversation.goods.iter().any(|wanted| self.products[*place].is(wanted)))
            .collect();
        assert!(!fits.is_empty(), "{}: no goods fit {:?}", conversation.name, conversation.goods);
        let product = fits[self.dice.random_range(0..fits.len())];
        let placed = (conversation.order != "none")
            .then(|| self.order(product, of_batch.then_some(0), conversation.lines, conversation.quantity, self.now));
        let buyer = match placed {
            Some(order) => self.orders[order].buyer.clone(),
            None => self.buyers[self.dice.random_range(0..self.buyers.len())].nick.clone(),
        };
        let agent = AGENTS[at % AGENTS.len()];
        let sent = matches!(conversation.order.as_str(), "shipped" | "signed");
        let stage = expand::Stage {
            conversation,
            order: placed.map(|order| &self.orders[order]),
            product: &self.products[product],
            buyer: self.buyers.iter().find(|known| known.nick == buyer).expect("a known buyer"),
            agent,
            agent_no: &self.staff.iter().find(|person| person.name == agent).expect("agents are staff").agent_no,
            waybill: sent.then(|| OUTBOUND.to_owned()),
            serial: at,
        };
        let mut steps = expand::steps(&mut self.dice, &stage);
        let shop = stage.order.map_or_else(|| stage.product.shops[0].clone(), |order| order.shop.clone());
        self.cut(&mut steps, reach);
        let led = steps.last().map(|(led, _)| led.clone()).unwrap_or_default();
        let length = steps.last().map_or(Span(0), |(_, step)| Span(step.at.0));
        let since = if led == "closed" {
            self.hours(24, if of_batch { batch::OLDEST_H } else { 60 * 24 })
        } else {
            Span::minutes(self.dice.random_range(4..420))
        };
        let opened_at = self.in_waking_hours(self.now - length - since);
        steps.iter_mut().for_each(|(_, step)| step.at = Micros(opened_at.0 + step.at.0));
        if let Some(order) = placed {
            self.history(order, conversation, opened_at);
            self.name_outbound(&mut steps);
        }
        let order_no = placed.map(|order| self.orders[order].order_no.clone());
        let steps: Vec<_> = steps.into_iter().map(|(_, step)| step).collect();
        self.returns(order_no.as_deref(), self.products[product].weight_g, &steps);
        self.cases.push(CaseScript {
            key: format!("{}-{}", conversation.name, at + 1),
            shop,
            order_no,
            buyer,
            scenario: conversation.scenario.clone(),
            title: conversation.title.clone(),
            mood: conversation.mood.clone(),
            stage: led,
            owner: agent.to_owned(),
            steps,
        });
    }

    /// Ends the script somewhere inside the stage to reach, or inside the nearest one before it.
    fn cut(&mut self, steps: &mut Vec<(String, super::case::Step)>, reach: &str) {
        if reach == "closed" {
            return;
        }
        let rank = |stage: &str| STAGES.iter().position(|known| *known == stage).unwrap_or(0);
        let upto = steps.iter().take_while(|(led, _)| rank(led) <= rank(reach)).count();
        let last = steps[..upto].last().map(|(led, _)| led.clone()).unwrap_or_default();
        let inside = steps[..upto].iter().filter(|(led, _)| *led == last).count();
        steps.truncate(upto - self.dice.random_range(0..inside));
    }

    /// What had happened to the order before the case was opened.
    fn history(&mut self, order: usize, conversation: &Conversation, opened_at: Micros) {
        let back = |builder: &mut Self, from, to| opened_at - builder.hours(from, to);
        match conversation.order.as_str() {
            "unshipped" => self.orders[order].paid_at = back(self, 1, 20),
            "packed" => {
                self.orders[order].paid_at = back(self, 10, 30);
                self.orders[order].state = "reviewed".to_owned();
            }
            "shipped" => {
                let shipped_at = back(self, 60, 130);
                self.orders[order].paid_at = shipped_at - self.hours(4, 30);
                self.send(order, &conversation.parcel, shipped_at, None, opened_at);
            }
            _ => {
                let signed_at = back(self, 2, 70);
                let shipped_at = signed_at - self.hours(40, 90);
                self.orders[order].paid_at = shipped_at - self.hours(4, 30);
                self.send(order, &conversation.parcel, shipped_at, Some(signed_at), opened_at);
            }
        }
    }

    /// Puts the number of the parcel just sent where a script scans it coming back.
    fn name_outbound(&self, steps: &mut [(String, super::case::Step)]) {
        let Some(parcel) = self.parcels.last() else { return };
        for (_, step) in steps {
            match &mut step.verb {
                Verb::Scan { waybill } if waybill == OUTBOUND => waybill.clone_from(&parcel.waybill),
                _ => {}
            }
        }
    }

    /// Parcels the buyers sent back, as far as they got.
    fn returns(&mut self, order_no: Option<&str>, weight_g: i64, steps: &[super::case::Step]) {
        for step in steps {
            let (Verb::Waybill { carrier, waybill }, Some(order_no)) = (&step.verb, order_no) else { continue };
            let scanned = steps.iter().find(|later| matches!(&later.verb, Verb::Scan { waybill: seen } if seen == waybill));
            let end = scanned.map(|scan| scan.at - Span::minutes(50));
            let how = if end.is_some() { "" } else { "moving" };
            let traces = parcel::journey(&mut self.dice, how, "仓库", step.at, end, self.now);
            let parcel = Parcel {
                waybill: waybill.clone(),
                carrier: carrier.clone(),
                direction: "in".to_owned(),
                order_no: order_no.to_owned(),
                weight_g,
                line_nos: vec![1],
                traces,
            };
            self.parcels.push(parcel);
        }
    }

    /// Buyers write between eight and midnight in Shanghai: earlier ones wrote in the course of the day before.
    fn in_waking_hours(&mut self, at: Micros) -> Micros {
        let hour = (at.0 / 3_600_000_000 + 8).rem_euclid(24);
        if hour < 8 { at - Span::hours(hour + self.dice.random_range(2..14)) } else { at }
    }
}
