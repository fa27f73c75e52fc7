using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Notifications.Data;
using Portal.Store.Contract;

namespace Portal.Notifications.SendMail;

/// <summary>What one mail says, in words already: the same for its HTML and its plain text.</summary>
internal sealed record MailContent
{
    public required string Subject { get; init; }
    public required IReadOnlyList<string> Paragraphs { get; init; }
    public required string ButtonText { get; init; }

    /// <summary>A path of this portal.</summary>
    public required string ButtonPath { get; init; }

    /// <summary>To be typed where the button cannot be pressed: large, on a line of its own.</summary>
    public string? Code { get; init; }

    /// <summary>What to do with <see cref="Code"/>.</summary>
    public string? CodeText { get; init; }

    /// <summary>Below the button, quieter.</summary>
    public string? Note { get; init; }
}

/// <summary>The model of <c>Mail.cshtml</c>.</summary>
/// <param name="Content">What it says.</param>
/// <param name="Store">Who says it.</param>
/// <param name="ButtonUrl">Where its button leads.</param>
/// <param name="HomeUrl">Where its reader begins.</param>
/// <param name="HomeName">The key of that page's name.</param>
internal sealed record MailView(MailContent Content, StoreInfo Store, Uri ButtonUrl, Uri HomeUrl, string HomeName);

/// <summary>Writes mails into the outbox, within the transaction of what they tell about.</summary>
internal sealed class MailWriter(
    PortalDb db,
    ICustomers customers,
    IStore store,
    ViewText views,
    MailSecrecy secrecy,
    IOptions<PortalOptions> portal,
    TimeProvider clock
)
{
    private const string FallbackLanguage = "en";
    private static readonly (string Path, string Name) HomeOfBuyers = ("/", "YourPurchases");
    private static readonly (string Path, string Name) HomeOfMerchants = ("/admin", "Administration");

    /// <summary>Mails a customer, in her language, at her stored address; does nothing when she has none.</summary>
    /// <param name="kind">What the mail is about.</param>
    /// <param name="occasion">Which happening: a second mail for the same one is not written.</param>
    /// <param name="customerId">Whom.</param>
    /// <param name="language">The language to use when it is known better than from the customer.</param>
    /// <param name="write">Puts it in words; runs in her culture.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <param name="to">The address it goes to when that is not her main one: the one she asked to sign in with, or is to confirm.</param>
    public async Task WriteAsync(
        string kind,
        string occasion,
        CustomerId? customerId,
        string? language,
        Func<CustomerInfo, MailContent> write,
        CancellationToken ct,
        string? to = null
    )
    {
        if (customerId is { } id && await customers.FindAsync(id, ct) is { } customer && (to ?? customer.Email) is { } address)
        {
            await WriteAsync(kind, occasion, id, address, language ?? customer.Language, HomeOfBuyers, () => write(customer), ct);
        }
    }

    /// <summary>Mails somebody who administers the portal.</summary>
    /// <param name="kind">What the mail is about.</param>
    /// <param name="occasion">Which happening: a second mail for the same one is not written.</param>
    /// <param name="to">Her account's address.</param>
    /// <param name="language">Hers.</param>
    /// <param name="write">Puts it in words; runs in her culture.</param>
    /// <param name="ct">Ends the attempt.</param>
    public Task WriteToMerchantAsync(string kind, string occasion, string to, string language, Func<MailContent> write, CancellationToken ct) =>
        WriteAsync(kind, occasion, null, to, language, HomeOfMerchants, write, ct);

    private async Task WriteAsync(
        string kind,
        string occasion,
        CustomerId? customer,
        string to,
        string? language,
        (string Path, string Name) home,
        Func<MailContent> write,
        CancellationToken ct
    )
    {
        occasion = kind + ":" + occasion;
        if (await db.Set<OutboxMail>().AnyAsync(m => m.Occasion == occasion, ct))
        {
            return;
        }

        MailBody body;
        using (new InCulture(language is { Length: > 0 } ? language : FallbackLanguage))
        {
            var content = write();
            var view = new MailView(
                content,
                await store.GetAsync(ct),
                portal.Value.Absolute(content.ButtonPath),
                portal.Value.Absolute(home.Path),
                home.Name
            );
            body = new MailBody(OneLine(content.Subject), PlainText(view), await views.RenderAsync("/SendMail/Mail.cshtml", view));
        }

        db.Add(new OutboxMail(kind, occasion, customer, to, secrecy.Seal(body), clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
    }

    private static string PlainText(MailView view)
    {
        var text = new StringBuilder();
        foreach (var paragraph in view.Content.Paragraphs)
        {
            text.Append(paragraph).Append("\r\n\r\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{view.Content.ButtonText}:\r\n{view.ButtonUrl}\r\n\r\n");
        if (view.Content.Code is { } code)
        {
            text.Append(CultureInfo.InvariantCulture, $"{view.Content.CodeText}\r\n{code}\r\n\r\n");
        }

        if (view.Content.Note is { } note)
        {
            text.Append(note).Append("\r\n\r\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"-- \r\n{view.Store.Name}\r\n{view.HomeUrl}\r\n").ToString();
    }

    /// <summary>A name with a line break must not become a header.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
