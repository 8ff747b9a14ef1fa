//! The board as tables, one for each chart. Owns their columns; the figures are the board's own.

use super::words::Words;
use super::worker::{Out, Outcome};
use crate::figures::{Board, Period, Row};
use crate::{Context, Desk};
use aftercare_domain::export::Cell;
use aftercare_domain::figures::Figure;
use aftercare_domain::id::ShopId;
use std::collections::BTreeMap;

/// Sums by what a row is folded to.
type Sums = BTreeMap<Vec<String>, (i64, i64)>;

impl Desk {
    pub(super) async fn export_board(
        &self,
        context: &Context,
        out: &mut Out<'_>,
        words: &Words,
        (shop, period): (ShopId, Period),
    ) -> Outcome {
        let board = self.board(context, shop, period.clone()).await?;
        waterline(out, words, &board)?;
        let (cases, amount) = (words.say("单数", "cases"), words.say("金额", "amount"));
        let day = words.say("日期", "day");
        folded(out, &board, Figure::Opened, words.say("新开", "Opened"), &[day, words.say("场景", "scenario"), cases, amount], |row| {
            vec![row.day.clone(), words.scenario(&row.key)]
        })?;
        let heads = [words.say("原因", "cause"), words.say("结果", "result"), cases, amount];
        folded(out, &board, Figure::Cause, words.say("原因到结果", "Cause to result"), &heads, |row| {
            let (cause, result) = row.key.split_once('>').unwrap_or((&row.key, ""));
            vec![words.cause(cause), words.result(result)]
        })?;
        promises(out, words, &board)?;
        let heads = [words.say("原因", "cause"), words.say("笔数", "count"), amount];
        folded(out, &board, Figure::Paid, words.say("钱花在哪里", "Cost"), &heads, |row| {
            vec![words.cause(row.key.split_once('>').map_or("", |(_, cause)| cause))]
        })?;
        arrivals(out, words, &board)?;
        out.page().await?;
        products(out, words, &self.product_rates(context, shop, period).await?)?;
        out.page().await
    }
}

fn sums(board: &Board, figure: Figure, keys: impl Fn(&Row) -> Vec<String>) -> Sums {
    let mut sums = Sums::new();
    for row in board.rows.iter().filter(|row| row.figure == figure) {
        let sum = sums.entry(keys(row)).or_default();
        *sum = (sum.0 + row.count, sum.1 + row.amount_minor);
    }
    sums
}

/// A table of texts, a count and an amount.
fn folded(out: &mut Out<'_>, board: &Board, figure: Figure, title: &str, headings: &[&str], keys: impl Fn(&Row) -> Vec<String>) -> Outcome {
    out.table(title, headings, false)?;
    for (keys, (count, amount)) in sums(board, figure, keys) {
        let cells: Vec<Cell> = keys.into_iter().map(Cell::Text).chain([Cell::Count(count), Cell::Money(amount)]).collect();
        out.row(&cells)?;
    }
    Ok(())
}

fn waterline(out: &mut Out<'_>, words: &Words, board: &Board) -> Outcome {
    let headings = [words.say("剩余时间", "time left"), words.say("单数", "cases"), words.say("金额", "amount")];
    out.table(words.say("到点水位", "Deadlines"), &headings, false)?;
    for row in &board.waterline {
        let left = match row.bucket.as_str() {
            "over" => words.say("已超时", "overdue"),
            "h1" => words.say("1 小时内", "within 1 h"),
            "h4" => words.say("4 小时内", "within 4 h"),
            "h24" => words.say("24 小时内", "within 24 h"),
            "later" => words.say("之后", "later"),
            _ => words.say("没有时限", "no deadline"),
        };
        out.row(&[Cell::text(left), Cell::Count(row.count), Cell::Money(row.amount_minor)])?;
    }
    Ok(())
}

fn promises(out: &mut Out<'_>, words: &Words, board: &Board) -> Outcome {
    let headings =
        [words.say("日期", "day"), words.say("按时兑现", "kept"), words.say("迟了才兑现", "kept late"), words.say("失约", "broken")];
    out.table(words.say("承诺兑现", "Promises"), &headings, false)?;
    let mut days: BTreeMap<String, [i64; 3]> = BTreeMap::new();
    for (keys, (count, _)) in sums(board, Figure::Promise, |row| vec![row.day.clone(), row.key.clone()]) {
        let at = ["kept", "kept_late", "broken"].iter().position(|key| *key == keys[1]);
        if let Some(at) = at {
            days.entry(keys[0].clone()).or_default()[at] += count;
        }
    }
    for (day, counts) in days {
        let cells: Vec<Cell> = [Cell::Text(day)].into_iter().chain(counts.map(Cell::Count)).collect();
        out.row(&cells)?;
    }
    Ok(())
}

fn arrivals(out: &mut Out<'_>, words: &Words, board: &Board) -> Outcome {
    let headings = [words.say("星期", "weekday"), words.say("时", "hour"), words.say("单数", "cases")];
    out.table(words.say("来单时段", "Arrivals"), &headings, false)?;
    for (keys, (count, _)) in sums(board, Figure::Arrived, |row| vec![row.key.clone()]) {
        let (day, hour) = keys[0].split_once('-').unwrap_or((&keys[0], ""));
        let number = |text: &str| text.parse().map_or(Cell::Nothing, Cell::Count);
        out.row(&[number(day), number(hour), Cell::Count(count)])?;
    }
    Ok(())
}

fn products(out: &mut Out<'_>, words: &Words, products: &crate::figures::Products) -> Outcome {
    let headings = [
        words.say("商品编码", "sku"),
        words.say("商品", "product"),
        words.say("售出", "sold"),
        words.say("要求售后", "asked back"),
        words.say("售后率", "rate"),
        words.say("95% 区间下限", "95 % from"),
        words.say("95% 区间上限", "95 % to"),
        words.say("控制带上限", "band up to"),
        words.say("信号", "signal"),
    ];
    out.table(words.say("商品售后率", "Products"), &headings, false)?;
    for row in &products.items {
        let signal = match (row.low_sample, row.signal) {
            (true, _) => words.say("件数少，不下结论", "too few"),
            (_, true) => words.say("高于控制带", "above the band"),
            _ => words.say("在常态内", "usual"),
        };
        out.row(&[
            Cell::text(&row.sku),
            Cell::text(&row.title),
            Cell::Count(row.sold),
            Cell::Count(row.asked_back),
            Cell::share(row.rate),
            Cell::share(row.interval.map(|it| it.0)),
            Cell::share(row.interval.map(|it| it.1)),
            Cell::share(row.band.map(|it| it.1)),
            Cell::text(signal),
        ])?;
    }
    Ok(())
}
