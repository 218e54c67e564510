//! What axe-core finds in somebody's way.

use serde::Deserialize;

use crate::{Page, Result, in_words, within};

/// The rules of WCAG 2.2 AA, which is what a shop in the European Union has to meet, and those of good practice.
const RULES: &str = r#"async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return found.violations.map((one) => ({
    id: one.id, help: one.help,
    where: one.nodes.map((node) => node.target.join(" ") + " " + (node.failureSummary || "").replace(/\s+/g, " ")),
  }));
}"#;

#[derive(Deserialize)]
struct Finding {
    id: String,
    help: String,
    r#where: Vec<String>,
}

impl Page {
    /// Every rule that this page breaks, with the places. Needs a view with scripts.
    pub async fn axe(&self) -> Result<Vec<String>> {
        within(self.tab().evaluate(source()?)).await?;
        let found = within(self.tab().evaluate_function(RULES)).await?;
        let found: Vec<Finding> = found.into_value().map_err(in_words)?;
        let words = |one: Finding| format!("{} ({}): {}", one.id, one.help, one.r#where.join(" | "));
        Ok(found.into_iter().map(words).collect())
    }
}

/// axe-core itself, from where `./x` keeps it.
fn source() -> Result<String> {
    let path = std::env::var_os("AFTERCARE_AXE");
    let path = path.ok_or("AFTERCARE_AXE names no axe.min.js: run ./x test, which fetches it")?;
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}
