using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Data;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>The same delivery again: at once on every node, days later, after a restart, with another body.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class WebhookDuplicateTests(Db db)
{
    private const string Email = "often@example.com";

    [Test]
    [SecurityCase(
        "W5",
        "100 at once on two nodes (PostgreSQL; one node on SQLite), after three days, after a restart: one row, one effect, first body"
    )]
    public async Task A_hundred_at_once_and_later_ones_are_one_row_and_one_effect()
    {
        var portal = await PortalUnderTest.StartAsync(db, new PortalSetup { Clock = new FakeClock() });
        var account = await SandboxAccount.StartAsync(portal);
        var second = db == Db.PostgreSql ? await portal.SecondNodeAsync() : null;
        try
        {
            var body = SandboxAccount.Event(SandboxAccount.Order("once", "paid", 2500, portal.Now, Email));

            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => account.SendAsync("msg_once", body, i % 2 == 0 ? null : second)));
            await account.WorkedAsync("msg_once");

            answers.Select(a => a.Code).Should().AllBeEquivalentTo(200);
            await OnceAsync(portal, body, conflicts: 0);
            if (second is not null)
            {
                await second.StopAsync();
                second = null;
            }

            portal.Clock.Advance(TimeSpan.FromDays(3));
            (await account.SendAsync("msg_once", body)).Code.Should().Be(200);
            portal = await portal.RestartAsync();
            account = new SandboxAccount(portal, account.Connection);
            (await account.SendAsync("msg_once", body)).Code.Should().Be(200);
            var other = SandboxAccount.Event(SandboxAccount.Order("once", "paid", 1, portal.Now, "thief@example.com"));
            (await account.SendAsync("msg_once", other)).Code.Should().Be(200);

            await OnceAsync(portal, body, conflicts: 1);
            (await portal.CustomerAsync("thief@example.com")).Should().BeNull();
            using var merchant = await portal.SignedInMerchantAsync();
            var id = await portal.ScalarAsync("select \"PublicId\" from connections_inbox where \"DeliveryId\" = 'msg_once'");
            (await merchant.GetAsync($"/admin/deliveries/{id}")).Words.Should().Contain("another body");
        }
        finally
        {
            await (second?.StopAsync() ?? Task.CompletedTask);
            await portal.DisposeAsync();
        }
    }

    private static async Task OnceAsync(PortalUnderTest portal, byte[] body, int conflicts)
    {
        var stored = await portal.AskAsync(data => data.Set<InboxDelivery>().AsNoTracking().SingleAsync(d => d.DeliveryId == "msg_once"));
        Encoding.UTF8.GetString(stored.Body).Should().Be(Encoding.UTF8.GetString(body));
        stored.Conflicts.Should().Be(conflicts);
        (await portal.CountAsync("orders_order", "\"ProcessorId\" = 'once' and \"State\" = 'Paid'")).Should().Be(1);
        (await portal.CountAsync("invoices_document")).Should().Be(1);
        (await portal.MailsAsync(Email)).Should().ContainSingle();
    }
}
