using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Connections.Contract;
using Portal.Processors;
using Portal.Tests.Support;

namespace Portal.Tests;

/// <summary>Stripe's books, read from a day on.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class StripeImportTests(Db db) : StripeFixture(db)
{
    [Test]
    public async Task An_import_that_breaks_off_and_is_repeated_gives_the_same_rows()
    {
        await using var account = await StripeAccount.StartAsync(portal, "Import");
        var names = Enumerable.Range(0, 6).Select(_ => NewCustomer()).ToList();
        account.Lists["/v1/customers"] = Pages(names, "customer.created");
        account.Lists["/v1/invoices"] = Pages(names, "invoice.paid");
        account.Lists["/v1/payment_intents"] = Pages(names, "payment_intent.succeeded");
        account.Lists["/v1/subscriptions"] = Pages(names, "customer.subscription.created");
        account.Lists["/v1/refunds"] = Pages(names, "refund.updated");
        foreach (var whose in names)
        {
            account.PaidBy["in_1" + whose] = "pi_1" + whose;
        }

        account.FailsAfter = "in_1" + names[1];
        await FluentActions.Awaiting(() => ImportAsync(account)).Should().ThrowAsync<ProcessorException>();
        (await RowsAsync(account)).Should().Be((0, 0, 0), "customers alone were read so far, or a part of the rest");

        account.FailsAfter = null;
        await ImportAsync(account);
        (await RowsAsync(account)).Should().Be((6, 6, 6));
        var refunds = await portal.CountAsync("orders_refund");
        await ImportAsync(account);
        (await RowsAsync(account)).Should().Be((6, 6, 6));
        (await portal.CountAsync("orders_refund")).Should().Be(refunds);
        (await portal.CountAsync("orders_payment", $"\"ConnectionId\" = {account.Connection.Id} and \"Refunded\" = 500")).Should().Be(6);
        foreach (var whose in names)
        {
            (await portal.MailsAsync(whose + "@example.com")).Should().BeEmpty("what is long past is nobody's news");
        }
    }

    private Task<ImportProgress> ImportAsync(StripeAccount account) =>
        portal.InScopeAsync(s =>
            s.GetRequiredService<IImportHistory>()
                .RunAsync(account.Connection.Id, DateTimeOffset.FromUnixTimeSeconds(1785000000), historic: true, null, CancellationToken.None)
        );

    private async Task<(long Orders, long Payments, long Subscriptions)> RowsAsync(StripeAccount account)
    {
        var mine = $"\"ConnectionId\" = {account.Connection.Id}";
        return (
            await portal.CountAsync("orders_order", mine),
            await portal.CountAsync("orders_payment", mine),
            await portal.CountAsync("subscriptions_subscription", mine)
        );
    }

    /// <summary>The events' objects, two on a page.</summary>
    private static JsonNode[][] Pages(List<string> names, string sample) =>
        [.. names.Select(n => JsonNode.Parse(StripeAccount.Event(sample, n))!["data"]!["object"]!).Chunk(2)];
}
