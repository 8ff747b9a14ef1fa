//! Goods and stock. Owns the product card; the goods themselves are data in `content/products.toml`.

use serde::{Deserialize, Serialize};

/// A product card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Number of the product; a variant adds its place in `specs`, e.g. `CL-101-2`.
    pub sku: String,
    /// Its name.
    pub title: String,
    /// The variants.
    pub specs: Vec<String>,
    /// List price of one, in fen.
    pub price: i64,
    /// What one costs the shop, in fen.
    pub cost: i64,
    /// Weight of one, packed, in grams.
    pub weight_g: i64,
    /// Whether it travels as bulky goods.
    #[serde(default)]
    pub bulky: bool,
    /// Its category, as text.
    pub category: String,
    /// Finer kinds, for finding goods that fit a story.
    pub tags: Vec<String>,
    /// Codes of the shops that sell it.
    pub shops: Vec<String>,
    /// Selling points.
    pub features: String,
    /// What a buyer must know.
    pub cautions: String,
    /// Weaknesses the shop knows of.
    pub flaws: String,
}

impl Product {
    /// Whether it is `wanted`: a category, a tag or a number.
    pub fn is(&self, wanted: &str) -> bool {
        self.category == wanted || self.sku == wanted || self.tags.iter().any(|tag| tag == wanted)
    }

    /// The number of its variant at `place`.
    pub fn variant(&self, place: usize) -> String {
        format!("{}-{}", self.sku, place + 1)
    }
}

/// How many of a variant are on the shelves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// Number of the variant.
    pub sku: String,
    /// The warehouse.
    pub warehouse: String,
    /// Pieces, not negative.
    pub on_hand: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    products: Vec<Product>,
}

/// All goods. The file is part of the program, so a fault in it is a fault of the build and found by its test.
pub fn all() -> Vec<Product> {
    let file: File = toml::from_str(include_str!("../../content/products.toml")).expect("content/products.toml is well formed");
    assert_eq!(file.format, 1, "content/products.toml has format 1");
    file.products
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_goods_are_many_distinct_and_sensible() {
        let goods = all();
        let numbers: BTreeSet<&str> = goods.iter().map(|product| product.sku.as_str()).collect();
        assert!(goods.len() >= 60 && numbers.len() == goods.len());
        let categories: BTreeSet<&str> = goods.iter().map(|product| product.category.as_str()).collect();
        assert!(categories.len() >= 10, "{categories:?}");
        let shops: BTreeSet<String> = super::super::shops().into_iter().map(|shop| shop.code).collect();
        for product in &goods {
            assert!(0 < product.cost && product.cost < product.price, "{}", product.sku);
            assert!(!product.specs.is_empty() && !product.flaws.is_empty() && !product.cautions.is_empty(), "{}", product.sku);
            assert!(!product.shops.is_empty() && product.shops.iter().all(|code| shops.contains(code)), "{}", product.sku);
            assert_eq!(product.bulky, product.weight_g >= 14_000, "{}: bulky goods are the heavy ones", product.sku);
        }
    }
}
