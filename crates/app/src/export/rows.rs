//! The rows of cases: a view of the queue, or what a search finds. Owns their columns; each page comes through the screen's own query.

use super::words::Words;
use super::worker::{Out, Outcome};
use crate::queue::{QueueItem, QueueQuery, View};
use crate::search::{Hit, Question};
use crate::{Context, Desk};
use aftercare_domain::case::{Narrow, Sort};
use aftercare_domain::export::Cell;
use aftercare_domain::id::{Id, ShopId};
use std::collections::HashSet;

/// Rows of one page.
const PAGE: i64 = 200;

impl Desk {
    pub(super) async fn export_queue(
        &self,
        context: &Context,
        out: &mut Out<'_>,
        words: &Words,
        (view, shop): (View, Option<ShopId>),
        (narrow, sort): (Narrow, Sort),
    ) -> Outcome {
        let closed = view == View::Closed;
        let last = if closed { words.say("归档时间", "closed at") } else { words.say("下一时限", "next deadline") };
        let headings = [
            words.say("售后单号", "case"),
            words.say("店铺", "shop"),
            words.say("场景", "scenario"),
            words.say("标题", "title"),
            words.say("阶段", "stage"),
            words.say("待谁处理", "waiting on"),
            words.say("负责人", "owner"),
            words.say("金额", "amount"),
            words.say("币种", "currency"),
            last,
            words.say("到点会怎样", "at zero"),
            words.say("级别", "severity"),
            words.say("订单号", "order"),
            words.say("买家（打码）", "buyer (masked)"),
            words.say("最后沟通", "last contact"),
            words.say("受理时间", "opened at"),
        ];
        out.table(words.say("队列", "Queue"), &headings, true)?;
        let mut cursor = None;
        // A case may move on while pages are read; it stands in the file once.
        let mut seen: HashSet<Id> = HashSet::new();
        loop {
            let query = QueueQuery { view: view.clone(), narrow: narrow.clone(), sort, shop, cursor, limit: Some(PAGE) };
            let page = self.queue(context, query).await?;
            for item in page.items.iter().filter(|item| seen.insert(item.id)) {
                if !out.row(&queue_row(item, words, closed))? {
                    return out.page().await;
                }
            }
            out.page().await?;
            let Some(next) = page.next else { return Ok(()) };
            cursor = Some(next);
        }
    }

    pub(super) async fn export_search(&self, context: &Context, out: &mut Out<'_>, words: &Words, q: &str) -> Outcome {
        let headings = [
            words.say("售后单号", "case"),
            words.say("店铺", "shop"),
            words.say("场景", "scenario"),
            words.say("标题", "title"),
            words.say("阶段", "stage"),
            words.say("订单号", "order"),
            words.say("买家（打码）", "buyer (masked)"),
            words.say("受理时间", "opened at"),
        ];
        out.table(words.say("搜索结果", "Search"), &headings, true)?;
        let mut cursor = None;
        loop {
            let hits = self.search(context, Question { q: q.to_owned(), cursor, limit: Some(PAGE) }).await?;
            for hit in &hits.items {
                if !out.row(&hit_row(hit, words))? {
                    return out.page().await;
                }
            }
            out.page().await?;
            let Some(next) = hits.next else { return Ok(()) };
            cursor = Some(next);
        }
    }
}

fn queue_row(item: &QueueItem, words: &Words, closed: bool) -> Vec<Cell> {
    vec![
        Cell::text(&item.case_no),
        Cell::Text(words.shop(item.shop_id)),
        Cell::Text(words.scenario(&item.scenario)),
        Cell::text(&item.title),
        Cell::Text(words.stage(&item.stage)),
        Cell::Text(if closed { String::new() } else { words.waiting(&item.waiting_on) }),
        Cell::Text(words.person(item.owner_id)),
        Cell::Money(item.amount_minor),
        Cell::text(&item.currency),
        if closed { Cell::Time(item.act_by) } else { Cell::time(item.next_deadline_at) },
        Cell::Text(words.at_zero(&item.next_at_zero)),
        Cell::Count(item.severity),
        Cell::text(&item.order_no),
        Cell::text(&item.buyer_masked),
        Cell::time(item.last_contact_at),
        Cell::Time(item.opened_at),
    ]
}

fn hit_row(hit: &Hit, words: &Words) -> Vec<Cell> {
    vec![
        Cell::text(&hit.case_no),
        Cell::Text(words.shop(hit.shop_id)),
        Cell::Text(words.scenario(&hit.scenario)),
        Cell::text(&hit.title),
        Cell::Text(words.stage(&hit.stage)),
        Cell::text(&hit.order_no),
        Cell::text(&hit.buyer_masked),
        Cell::Time(hit.opened_at),
    ]
}
