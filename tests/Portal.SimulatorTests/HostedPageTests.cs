using System.Net;
using Portal.Processors;

namespace Portal.SimulatorTests;

public sealed class HostedPageTests
{
    private static readonly Uri Back = new("https://portal.test/payment-methods?tab=1");
    private readonly HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false });
    private Sandbox sandbox = null!;
    private SubscriptionRecord monthly = null!;

    [SetUp]
    public async Task StartAsync()
    {
        sandbox = await Sandbox.StartAsync();
        monthly = await sandbox.MonthlyAsync();
    }

    [TearDown]
    public async Task StopAsync() => await sandbox.DisposeAsync();

    [OneTimeTearDown]
    public void Close() => browser.Dispose();

    [Test]
    public async Task A_card_is_added_and_charged_by_its_subscription()
    {
        var page = await OpenAsync(monthly.Id);
        (await browser.GetStringAsync(page.Location)).Should().Contain("<form method=post>").And.NotContain("<script");
        (await SubmitAsync(page, ("card", "sepa"), ("choice", "pay"))).Should().Be("https://portal.test/payment-methods?tab=1&result=succeeded");
        (await sandbox.MonthlyAsync()).Method!.Kind.Should().Be("sepa_debit");
        await sandbox.SettleAsync();
        sandbox.Receiver.Verified.Select(one => one.Type).Should().Contain(["payment_method.attached", "subscription.updated"]);
        using var again = await browser.GetAsync(page.Location);
        again.StatusCode.Should().Be(HttpStatusCode.Gone);
    }

    [TestCase("approve", "succeeded", 3)]
    [TestCase("fail", "failed", 2)]
    [TestCase("abandon", "abandoned", 2)]
    public async Task Three_d_secure_is_hers_to_decide(string choice, string result, int methods)
    {
        var page = await OpenAsync(null);
        (await SubmitAsync(page, ("card", "mastercard-3ds"), ("choice", "pay"))).Should().BeNull("the challenge is shown first");
        (await browser.GetStringAsync(page.Location)).Should().Contain("3-D Secure");
        (await MethodsAsync()).Should().Be(2);
        (await SubmitAsync(page, ("choice", choice))).Should().EndWith("result=" + result);
        (await MethodsAsync()).Should().Be(methods);
    }

    [Test]
    public async Task A_declined_card_is_not_stored()
    {
        var page = await OpenAsync(null);
        (await SubmitAsync(page, ("card", "amex-declined"), ("choice", "pay"))).Should().EndWith("result=failed");
        (await MethodsAsync()).Should().Be(2);
    }

    [Test]
    public async Task A_checkout_makes_a_customer_an_order_and_a_subscription()
    {
        var page = await sandbox
            .As<IHostCheckout>()
            .StartCheckoutAsync(
                new()
                {
                    IdempotencyKey = Sandbox.NextKey(),
                    PlanId = "font-club-monthly-eur",
                    ReturnTo = Back,
                },
                CancellationToken.None
            );
        (await SubmitAsync(page, ("email", "neu@example.com"), ("name", "<b>Neu"), ("card", "visa"), ("choice", "pay")))
            .Should()
            .EndWith("result=succeeded");
        var all = await sandbox.ListAsync();
        var customer = all.OfType<CustomerRecord>().Single(one => one.Email == "neu@example.com");
        all.OfType<SubscriptionRecord>().Single(one => one.Customer!.Id == customer.Id).State.Should().Be(SubscriptionState.Active);
        all.OfType<OrderRecord>().Single(one => one.Customer!.Id == customer.Id).Reason.Should().Be(OrderReason.SubscriptionStart);
    }

    [TestCase("approve", true)]
    [TestCase("abandon", false)]
    public async Task A_method_that_asks_for_consent_sends_her_there_first(string choice, bool changed)
    {
        var other = (await sandbox.ListAsync())
            .OfType<PaymentMethodRecord>()
            .Single(one => one.Customer!.Id == monthly.Customer!.Id && one.Default == false);
        await sandbox
            .As<IChoosePaymentMethods>()
            .ChooseAsync(
                new()
                {
                    IdempotencyKey = Sandbox.NextKey(),
                    PaymentMethodId = other.Id,
                    CustomerId = monthly.Customer!.Id!,
                    SubscriptionId = monthly.Id,
                },
                CancellationToken.None
            );
        var outcome = await sandbox
            .As<IChangePlans>()
            .ChangeAsync(
                new()
                {
                    IdempotencyKey = Sandbox.NextKey(),
                    SubscriptionId = monthly.Id,
                    PlanId = "atelier-team-monthly-eur",
                    ReturnTo = Back,
                },
                CancellationToken.None
            );
        var page = outcome.Should().BeOfType<Outcome.RequiresAction>().Which.Page;
        await SubmitAsync(page, ("choice", choice));
        var now = await sandbox.FindAsync<SubscriptionRecord>(RecordKind.Subscription, monthly.Id);
        (now.PlanId == "atelier-team-monthly-eur").Should().Be(changed);
    }

    [Test]
    public async Task A_guessed_address_opens_nothing()
    {
        var page = await OpenAsync(null);
        var guessed = new Uri(page.Location.AbsoluteUri[..^4] + "0000");
        using var reply = await browser.GetAsync(guessed);
        reply.StatusCode.Should().Be(HttpStatusCode.NotFound);
        using var posted = await browser.PostAsync(guessed, Form(("card", "visa"), ("choice", "pay")));
        posted.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await MethodsAsync()).Should().Be(2);
    }

    private Task<HostedPage> OpenAsync(string? subscription) =>
        sandbox
            .As<IHostPaymentMethods>()
            .StartUpdateAsync(
                new()
                {
                    IdempotencyKey = Sandbox.NextKey(),
                    CustomerId = monthly.Customer!.Id,
                    SubscriptionId = subscription,
                    ReturnTo = Back,
                },
                CancellationToken.None
            );

    private async Task<int> MethodsAsync() =>
        (await sandbox.ListAsync()).OfType<PaymentMethodRecord>().Count(one => one.Customer!.Id == monthly.Customer!.Id);

    private async Task<string?> SubmitAsync(HostedPage page, params (string Name, string Value)[] fields)
    {
        using var reply = await browser.PostAsync(page.Location, Form(fields));
        reply.StatusCode.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.SeeOther);
        return reply.Headers.Location?.AbsoluteUri;
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}
