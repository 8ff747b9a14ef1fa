//! Makes sure the folder of the built workbench is there: without it a page says how to build it.

use std::path::Path;

const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>Aftercare</title>
<p>工作台还没有构建：在仓库里运行 <code>cargo xtask demo</code>，或在 <code>web/</code> 里运行 <code>npm ci &amp;&amp; npm run build</code> 后重新编译。</p>
<p lang="en">The workbench is not built: run <code>cargo xtask demo</code>, or <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code> and compile again.</p>
"#;

fn main() -> std::io::Result<()> {
    let dist = Path::new("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    if !dist.join("index.html").exists() {
        std::fs::create_dir_all(dist)?;
        std::fs::write(dist.join("index.html"), PAGE)?;
    }
    Ok(())
}
