using System.Net;
using System.Text;

namespace Portal.Simulator.Sandbox;

/// <summary>The hosted pages as HTML: plain forms, no script.</summary>
internal static class PageHtml
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem;color:#1c2530;background:#f6f7f9}"
        + "main{background:#fff;border:1px solid #d9dee5;border-radius:10px;padding:1.5rem}h1{font-size:1.3rem;margin-top:0}"
        + "label{display:block;padding:.45rem 0}input[type=email],input[type=text]{display:block;width:100%;padding:.5rem;box-sizing:border-box}"
        + "fieldset{border:0;padding:0;margin:0}button{font:inherit;padding:.6rem 1rem;margin:1rem .5rem 0 0;border-radius:6px;border:1px solid #8894a4;background:#fff}"
        + "button[value=approve],button[value=pay]{background:#185adb;border-color:#185adb;color:#fff}small{color:#55606e}"
        + "@media(prefers-color-scheme:dark){body{background:#12161c;color:#e6e9ee}main{background:#1b212a;border-color:#333c48}button{background:#1b212a;color:inherit}small{color:#a5afbc}}";

    public static string Of(HostedPage page, Product? product) =>
        page switch
        {
            { State: HostedPageState.Challenge } => Challenge(page),
            { Kind: HostedPageKind.Consent } => Consent(product),
            { Kind: HostedPageKind.Checkout } => Cards($"Buy {product!.Name}", product, page.Customer is null),
            _ => Cards("Add a payment method", null, false),
        };

    public static string Over() => Wrap("This page is over", "<p>Go back to the shop and start again.</p>");

    private static string Challenge(HostedPage page) =>
        Wrap(
            page.Card == "paypal" ? "PayPal: agree to be charged" : "3-D Secure: is it you?",
            "<p>Your bank would ask you to confirm this in its app. Here you decide what it answers.</p>" + Decision
        );

    private static string Consent(Product? product) =>
        Wrap(
            "Confirm with your bank",
            $"<p>{(product is null ? "The payment needs your consent." : $"Move to <b>{Escape(product.Name)}</b>, {Escape(Price(product))}.")}</p>"
                + Decision
        );

    private const string Decision =
        "<form method=post><button name=choice value=approve>Approve</button>"
        + "<button name=choice value=fail>Fail</button><button name=choice value=abandon>Abandon</button></form>";

    private static string Cards(string title, Product? product, bool askWho)
    {
        var html = new StringBuilder("<form method=post>");
        if (product is not null)
            html.Append("<p>").Append(Escape(Price(product))).Append("</p>");
        if (askWho)
            html.Append("<label>E-mail <input type=email name=email required autocomplete=email></label>")
                .Append("<label>Name <input type=text name=name required autocomplete=name></label>");
        html.Append("<fieldset><legend>Pay with</legend>");
        foreach (var card in TestCard.All)
        {
            var first = card == TestCard.All[0] ? " checked" : "";
            var name = Escape($"{card.Brand} {card.LastFour}".Trim());
            html.Append("<label><input type=radio name=card value=\"" + card.Code + "\"" + first + "> " + name)
                .Append(" <small>" + Escape(card.Says) + "</small></label>");
        }
        html.Append("</fieldset><button name=choice value=pay>Continue</button>")
            .Append("<button name=choice value=abandon formnovalidate>Cancel</button></form>");
        return Wrap(title, html.ToString());
    }

    private static string Price(Product product)
    {
        var amount = product.Price.Currency == "JPY" ? $"{product.Price.Amount}" : FormattableString.Invariant($"{product.Price.Amount / 100m:F2}");
        var each = product.Interval is { } interval ? $" every {interval.ToString().ToLowerInvariant()}" : "";
        return $"{product.Price.Currency} {amount}{each}";
    }

    private static string Wrap(string title, string content) =>
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
        + $"<title>{Escape(title)}</title><style>{Style}</style><main><h1>{Escape(title)}</h1>{content}"
        + "<p><small>Sandbox: nothing here moves money.</small></p></main></html>";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
