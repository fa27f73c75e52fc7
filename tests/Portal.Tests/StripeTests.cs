using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Connections.Contract;
using Portal.Connections.Data;
using Portal.Orders.Data;
using Portal.Processors;
using Portal.Subscriptions.Data;
using Portal.Tests.Support;
using Portal.TestSupport;

namespace Portal.Tests;

/// <summary>Stripe's events and books through the real inbox.</summary>
[TestFixture(Db.Sqlite)]
[TestFixture(Db.PostgreSql)]
public sealed class StripeTests(Db db)
{
    private static int customers;
    private PortalUnderTest portal = null!;
    private StripeAccount stripe = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        portal = await PortalUnderTest.StartAsync(db);
        stripe = await StripeAccount.StartAsync(portal);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await portal.DisposeAsync();
        await stripe.DisposeAsync();
    }

    [Test]
    public async Task Events_become_the_right_buyers_orders_payments_subscriptions_and_refunds()
    {
        var (carla, other) = (NewCustomer(), NewCustomer());
        stripe.PaidBy["in_1" + carla] = "pi_1" + carla;
        foreach (var whose in (string[])[carla, other])
        {
            await stripe.DeliverAsync(
                StripeAccount.Event("customer.created", whose),
                StripeAccount.Event("payment_method.attached", whose),
                StripeAccount.Event("customer.subscription.created", whose),
                StripeAccount.Event("checkout.session.completed", whose)
            );
        }

        await stripe.DeliverAsync(
            StripeAccount.Event("invoice.paid", carla),
            StripeAccount.Event("invoice_payment.paid", carla),
            StripeAccount.Event("payment_intent.succeeded", carla),
            StripeAccount.Event("charge.refunded", carla),
            StripeAccount.Event("refund.updated", carla),
            StripeAccount.Event("charge.dispute.created", carla),
            StripeAccount.Event(
                "customer.created",
                carla,
                (e, o) => (e["id"], e["type"], e["created"], o["name"]) = ("evt_u" + carla, "customer.updated", 1785210100, "Carla Renamed")
            ),
            StripeAccount.Event("payment_method.detached", carla)
        );
        await stripe.SettledAsync();

        (await portal.CountAsync("connections_inbox", $"\"DeliveryId\" like '%{carla}' and \"State\" = 'Done'")).Should().Be(12);
        using var browser = await portal.SignedInAsync(carla + "@example.com");
        (await browser.GetAsync("/")).Title.Should().Contain("Carla Renamed");
        var orders = await browser.GetAsync("/orders");
        orders.Page.QuerySelectorAll("main .row").Should().HaveCount(2);
        orders.Words.Should().Contain("1 × Basic").And.Contain("€17.85").And.Contain("Partly refunded").And.Contain("€23.80").And.Contain("Paid");
        var payments = await browser.GetAsync("/payments");
        payments.Page.QuerySelectorAll("tbody tr").Should().HaveCount(2);
        payments.Words.Should().Contain("Disputed");
        var subscriptions = await browser.GetAsync("/subscriptions");
        subscriptions.Words.Should().Contain("Basic plan");
        subscriptions.Page.QuerySelectorAll("main a.row-title").Should().ContainSingle();
        using var others = await portal.SignedInAsync(other + "@example.com");
        (await others.GetAsync("/orders")).Page.QuerySelectorAll("main .row").Should().ContainSingle();
        (await others.GetAsync("/payments")).Words.Should().NotContain("€17.85");
    }

    [Test]
    public async Task A_failed_charge_is_told_with_its_way_out()
    {
        var whose = NewCustomer();
        await stripe.DeliverAsync(StripeAccount.Event("customer.created", whose), StripeAccount.Event("invoice.payment_failed", whose));
        await stripe.SettledAsync();

        using var browser = await portal.SignedInAsync(whose + "@example.com");
        var payments = await browser.GetAsync("/payments");
        payments.Words.Should().Contain("Failed");
        (await portal.MailsAsync(whose + "@example.com", "payment-failed")).Should().ContainSingle();
    }

    [SecurityCase("W5", "at once, later, and with another body: one row, one effect, the conflict noted")]
    [Test]
    public async Task The_same_event_twenty_times_at_once_is_one_row_and_one_effect()
    {
        var whose = NewCustomer();
        var body = StripeAccount.Event("checkout.session.completed", whose);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => stripe.SendAsync(body)));
        await stripe.SettledAsync();
        answers = [.. answers, await stripe.SendAsync(body)];
        var altered = StripeAccount.Event("checkout.session.completed", whose, (_, o) => o["amount_total"] = 1);
        answers = [.. answers, await stripe.SendAsync(altered)];
        await stripe.SettledAsync();

        answers.Select(a => a.Code).Should().AllBeEquivalentTo(200);
        var stored = await portal.AskAsync(data => data.Set<InboxDelivery>().AsNoTracking().SingleAsync(d => d.DeliveryId == "evt_11" + whose));
        stored.Body.Should().Equal(body);
        stored.Conflicts.Should().Be(1, "the first one counts, and another body under its id is noticed");
        (await portal.CountAsync("orders_order", $"\"ProcessorId\" = 'cs_test_1{whose}'")).Should().Be(1);
        (await portal.CountAsync("orders_payment", $"\"ProcessorId\" = 'pi_2{whose}'")).Should().Be(1);
        (await portal.MailsAsync(whose + "@example.com")).Should().ContainSingle();
    }

    [SecurityCase("W6", "all 24 orders of a charge, its refund and its dispute")]
    [TestCase(true)]
    [TestCase(false)]
    public async Task In_whatever_order_a_charge_is_told_it_ends_in_the_same_state(bool apiAnswers)
    {
        List<string> told = [];
        foreach (var order in Permutations(["invoice.paid", "invoice_payment.paid", "charge.refunded", "charge.dispute.created"]))
        {
            var whose = NewCustomer();
            told.Add(whose);
            if (apiAnswers)
            {
                stripe.PaidBy["in_1" + whose] = "pi_1" + whose;
            }

            await stripe.DeliverAsync([.. order.Select(name => StripeAccount.Event(name, whose))]);
            await stripe.SettledAsync("\"WaitsFor\" is not null");
        }

        await stripe.SettledAsync();
        told.Should().HaveCount(24);
        foreach (var whose in told)
        {
            var order = await portal.AskAsync(data => data.AllOwners<Order>().AsNoTracking().SingleAsync(o => o.ProcessorId == "in_1" + whose));
            var payments = await portal.AskAsync(data =>
                data.AllOwners<Payment>().AsNoTracking().Where(p => p.ProcessorId == "pi_1" + whose || p.ProcessorId == "in_1" + whose).ToListAsync()
            );
            var payment = payments.Should().ContainSingle("{0}", whose).Subject;
            payment.ProcessorId.Should().Be("pi_1" + whose);
            payment.OrderId.Should().Be(order.Id);
            (payment.Standing, payment.Refunded, payment.CustomerId).Should().Be((PaymentStanding.Disputed, 500L, order.CustomerId));
            order.State.Should().Be(OrderState.PartiallyRefunded);
            order.CustomerId.Should().NotBeNull();
        }
    }

    [SecurityCase("W6", "all orders of a subscription, and nothing revives it")]
    [Test]
    public async Task In_whatever_order_a_subscription_is_told_it_stays_ended()
    {
        List<string> told = [];
        foreach (var order in Permutations([0, 1, 2]))
        {
            var whose = NewCustomer();
            told.Add(whose);
            byte[][] events =
            [
                StripeAccount.Event("customer.subscription.created", whose),
                Subscription(whose, "updated", 1785210100, o => o["cancel_at_period_end"] = true),
                Subscription(whose, "deleted", 1785210200, o => (o["status"], o["ended_at"]) = ("canceled", 1785210200)),
            ];
            await stripe.DeliverAsync([StripeAccount.Event("customer.created", whose), .. order.Select(i => events[i])]);
        }

        await stripe.SettledAsync();
        foreach (var whose in told)
        {
            var subscription = await portal.AskAsync(data =>
                data.AllOwners<Subscription>().AsNoTracking().SingleAsync(s => s.ProcessorId == "sub_1" + whose)
            );
            (subscription.State, subscription.WillCancel, subscription.EndedAt)
                .Should()
                .Be((SubscriptionState.Canceled, false, DateTimeOffset.FromUnixTimeSeconds(1785210200)));
            (subscription.Name, subscription.Price).Should().Be(("Basic plan", new Money(1500, "EUR")));
        }

        // However late a message comes, and whatever time it claims.
        await stripe.DeliverAsync(Subscription(told[0], "updated", 1785219999, _ => { }));
        await stripe.SettledAsync();
        (await portal.CountAsync("subscriptions_subscription", $"\"ProcessorId\" = 'sub_1{told[0]}' and \"State\" = 'Canceled'")).Should().Be(1);
    }

    [SecurityCase("W6", "a refund waits for its payment")]
    [Test]
    public async Task A_refund_before_its_payment_waits_for_it()
    {
        var whose = NewCustomer();
        await stripe.DeliverAsync(StripeAccount.Event("refund.updated", whose));
        await Poller.UntilAsync(
            async () =>
                await portal.CountAsync("connections_inbox", $"\"DeliveryId\" = 'evt_8{whose}' and \"WaitsFor\" = 'Payment:pi_1{whose}'") == 1,
            "the refund to wait"
        );

        await stripe.DeliverAsync(StripeAccount.Event("customer.created", whose), StripeAccount.Event("payment_intent.succeeded", whose));
        await stripe.SettledAsync();

        (await portal.CountAsync("connections_inbox", $"\"DeliveryId\" = 'evt_8{whose}' and \"State\" = 'Done'")).Should().Be(1);
        (await portal.CountAsync("orders_payment", $"\"ProcessorId\" = 'pi_1{whose}' and \"Refunded\" = 500")).Should().Be(1);
    }

    [SecurityCase("W8", "a type nobody knows is stored, without effect")]
    [Test]
    public async Task A_type_without_effect_is_stored_and_done()
    {
        var whose = NewCustomer();
        await stripe.DeliverAsync(
            StripeAccount.Event("plan.created", whose),
            StripeAccount.Event("plan.created", whose, (e, _) => (e["id"], e["type"]) = ("evt_new" + whose, "never.heard.of"))
        );
        await stripe.SettledAsync();

        (await portal.CountAsync("connections_inbox", $"\"DeliveryId\" like '%{whose}' and \"State\" = 'Done'")).Should().Be(2);
    }

    [SecurityCase("W8", "signed and unreadable: stored byte for byte, answered 200, parked")]
    [TestCase("not json")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("")]
    [TestCase("""{"id":"evt_twice","id":"evt_twice","type":"invoice.paid","object":"event"}""")]
    [TestCase(
        """{"id":"evt_unreadable","object":"event","type":"invoice.paid","created":1785210004,"livemode":true,"data":{"object":{"id":"in_x"}}}"""
    )]
    [TestCase("""{"id":"evt_huge","object":"event","type":"customer.created","created":1e400,"livemode":true,"data":{"object":{"id":"cus_x"}}}""")]
    public async Task What_is_signed_but_cannot_be_read_is_stored_and_parked(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var before = await portal.CountAsync("connections_inbox");

        (await stripe.SendAsync(body)).Code.Should().Be(200);
        await stripe.SettledAsync();

        (await portal.CountAsync("connections_inbox")).Should().Be(before + 1);
        var stored = await portal.AskAsync(data => data.Set<InboxDelivery>().AsNoTracking().OrderByDescending(d => d.Id).FirstAsync());
        stored.Body.Should().Equal(body);
        (stored.State, stored.Reason)
            .Should()
            .Match<(Portal.Kernel.Work.WorkState State, string? Reason)>(s => s.State == Kernel.Work.WorkState.Parked && s.Reason != null);
    }

    [SecurityCase("W1", "Stripe: refused alike, with one body, nothing stored; a rolled secret still works")]
    [Test]
    public async Task Unsigned_and_wrongly_signed_bodies_are_refused_alike_and_not_stored()
    {
        var whose = NewCustomer();
        var body = StripeAccount.Event("customer.created", whose);
        var before = await portal.CountAsync("connections_inbox");
        string[] signatures =
        [
            "",
            "t=1,v1=",
            Signatures.Stripe(body, portal.Now, "whsec_wrong"),
            Signatures.Stripe(body, portal.Now.AddSeconds(-301)),
            Signatures.Stripe(body, portal.Now.AddSeconds(310)),
            Signatures.Stripe([.. body, 32], portal.Now),
            Signatures.Stripe(body, portal.Now, ""),
        ];

        var answers = await Task.WhenAll(signatures.Select(s => stripe.SendAsync(body, s)));

        answers.Select(a => (a.Code, a.Body)).Distinct().Should().Equal((400, "unverified"));
        (await portal.CountAsync("connections_inbox")).Should().Be(before);
        (await stripe.SendAsync(body, Signatures.Stripe(body, portal.Now, "whsec_former")))
            .Code.Should()
            .Be(200, "a rolled secret works for a while");
        await stripe.SettledAsync();
    }

    [SecurityCase("W3", "a blank secret closes the address")]
    [SecurityCase("W4", "another plugin's address, an unknown connection, one that is off")]
    [Test]
    public async Task There_is_no_way_in_but_a_connections_own()
    {
        var body = StripeAccount.Event("customer.created", NewCustomer());
        var id = stripe.Connection.PublicId;
        using var sender = portal.Open();
        async Task<int> PostAsync(string path)
        {
            using var content = new ByteArrayContent(body);
            return (await sender.SendAsync(HttpMethod.Post, path, content, ("Stripe-Signature", Signatures.Stripe(body, portal.Now)))).Code;
        }

        (await PostAsync($"/webhooks/nobody/{id}")).Should().Be(404);
        (await PostAsync($"/webhooks/sandbox/{id}")).Should().Be(404);
        (await PostAsync("/webhooks/stripe/con_0123456789abcdefghijkl")).Should().Be(404);
        (await PostAsync($"/webhooks/stripe/{id}/more")).Should().Be(404);
        await using var off = await StripeAccount.StartAsync(portal, "Off");
        await portal.AskAsync(data =>
            data.Set<ConnectedAccount>()
                .Where(a => a.Id == off.Connection.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.Mode, ConnectionMode.Off))
        );
        (await off.SendAsync(body)).Code.Should().Be(404);
        await using var blank = await StripeAccount.StartAsync(portal, "Blank secret");
        var secrets = portal.Services.GetRequiredService<Connections.CallProcessor.ConnectionSecrets>();
        foreach (var secret in (string[])["", "whsec_", "   "])
        {
            var settings = secrets.Seal(new Dictionary<string, string> { ["apiKey"] = "rk_live_x", ["webhookSecret"] = secret });
            await portal.AskAsync(data =>
                data.Set<ConnectedAccount>()
                    .Where(a => a.Id == blank.Connection.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(a => a.ProtectedSettings, settings).SetProperty(a => a.Version, Guid.NewGuid()))
            );
            (await blank.SendAsync(body, Signatures.Stripe(body, portal.Now, secret))).Code.Should().Be(404);
        }
    }

    [SecurityCase("W7", "one megabyte is the limit, told or chunked")]
    [TestCase("application/json")]
    [TestCase("application/x-www-form-urlencoded")]
    public async Task A_body_above_a_megabyte_is_too_large_whether_its_length_is_told_or_not(string mediaType)
    {
        var before = await portal.CountAsync("connections_inbox");
        foreach (var size in (int[])[1024 * 1024 + 1, 3 * 1024 * 1024])
        {
            var body = new byte[size];
            Array.Fill(body, (byte)'a');
            foreach (var chunked in (bool[])[false, true])
            {
                using var sender = portal.Open();
                using HttpContent content = chunked ? new StreamContent(new Unending(body)) : new ByteArrayContent(body);
                content.Headers.ContentType = new(mediaType);
                var answer = await sender.SendAsync(
                    HttpMethod.Post,
                    stripe.Webhook,
                    content,
                    ("Stripe-Signature", Signatures.Stripe(body, portal.Now))
                );
                answer.Code.Should().Be(413, "{0} bytes, chunked {1}", size, chunked);
            }
        }

        (await portal.CountAsync("connections_inbox")).Should().Be(before);
        var largest = Encoding.UTF8.GetBytes(new string(' ', 1024 * 1024));
        (await stripe.SendAsync(largest)).Code.Should().Be(200);
        await stripe.SettledAsync();
    }

    [SecurityCase("W7", "an encoded body is refused unread")]
    [Test]
    public async Task An_encoded_body_is_refused_before_it_could_swell()
    {
        var body = StripeAccount.Event("customer.created", NewCustomer());

        (await stripe.SendAsync(body, null, ("Content-Encoding", "gzip"))).Code.Should().Be(415);
    }

    [SecurityCase("W4", "a test event at a live connection is parked")]
    [Test]
    public async Task A_test_event_at_a_live_connection_is_parked()
    {
        var whose = NewCustomer();

        await stripe.DeliverAsync(StripeAccount.Event("customer.created", whose, (e, _) => e["livemode"] = false));

        var stored = await portal.AskAsync(data => data.Set<InboxDelivery>().AsNoTracking().SingleAsync(d => d.DeliveryId == "evt_1" + whose));
        (stored.State, stored.Reason).Should().Be((Kernel.Work.WorkState.Parked, "A test delivery came to a live connection."));
        (await portal.CustomerAsync(whose + "@example.com")).Should().BeNull();
    }

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

    private static byte[] Subscription(string whose, string what, long created, Action<JsonNode> change) =>
        StripeAccount.Event(
            "customer.subscription.created",
            whose,
            (e, o) =>
            {
                (e["id"], e["type"], e["created"]) = ($"evt_{what}{created}{whose}", "customer.subscription." + what, created);
                change(o);
            }
        );

    private static string NewCustomer() => $"Buyer{Interlocked.Increment(ref customers)}x";

    private static IEnumerable<T[]> Permutations<T>(T[] of) =>
        of.Length <= 1 ? [of] : of.SelectMany((first, i) => Permutations([.. of[..i], .. of[(i + 1)..]]).Select(rest => (T[])[first, .. rest]));

    /// <summary>A stream that does not tell its length.</summary>
    private sealed class Unending(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
