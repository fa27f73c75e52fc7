using System.Text;
using Portal.Processors;

namespace Portal.PluginTests;

/// <summary>The conformance base must turn red: each fixture here breaks one rule, and its check must say so.</summary>
public sealed class ConformanceTests
{
    [Test]
    public async Task A_claim_nobody_recorded_is_found() =>
        await Red(new Liar<Claims>(), liar => liar.Every_claim_is_backed_by_recorded_replies(), "Not recorded: POST");

    [Test]
    public async Task A_claim_answered_without_asking_is_found() =>
        await Red(new Liar<Invents>(), liar => liar.Every_claim_is_backed_by_recorded_replies(), "is no evidence");

    [Test]
    public async Task A_forged_delivery_believed_is_found()
    {
        await Red(new Liar<Believes>(), liar => liar.No_byte_of_a_delivery_may_change(), "byte 0 is not as signed");
        await Red(new Liar<Believes>(), liar => liar.Every_signature_header_is_needed_exactly_once(), "Signature is missing");
        await Red(new Liar<Believes>(), liar => liar.Old_and_early_deliveries_are_refused(), "it is old");
        await Red(new Liar<Believes>(), liar => liar.A_wrong_or_blank_secret_verifies_nothing(), "the secret is another");
    }

    [Test]
    public async Task Webhooks_claimed_without_an_effect_are_found() =>
        await Red(new Liar<Believes>(), liar => liar.Genuine_deliveries_are_verified_and_read(), "some delivery has an effect");

    [Test]
    public async Task Nonsense_that_throws_anything_is_found() =>
        await Red(new Liar<Believes>(), liar => liar.Signed_nonsense_is_neither_believed_nor_fatal(), "choked");

    [Test]
    public async Task A_secret_in_an_exception_is_found() =>
        await Red(new Liar<Leaks>(), liar => liar.Every_fault_says_what_to_do_next(), "never gets into");

    [Test]
    public async Task A_fault_told_wrong_is_found() => await Red(new Liar<Claims>(), liar => liar.Every_fault_says_what_to_do_next(), "refund meets");

    [Test]
    public async Task A_key_not_passed_on_is_found() =>
        await Red(new Liar<Claims>(), liar => liar.Commands_pass_the_idempotency_key_on(), "portal-key-0001");

    [Test]
    public async Task Cancellation_ignored_is_found() =>
        await Red(new Liar<Invents>(), liar => liar.Cancellation_is_honored(), "OperationCanceledException");

    [Test]
    public async Task Missing_words_a_missing_manifest_and_another_type_are_found()
    {
        await Red(new Liar<Claims>(), liar => Run(liar.Every_label_and_limit_has_words_in_English_and_German), "there are words");
        await Red(new Liar<Claims>(), liar => Run(liar.The_manifest_agrees_with_the_plugin), "a plugin has a manifest");
        await Red(new Liar<Invents>(), liar => Run(liar.The_plugin_connects_to_the_type_it_names), "exports itself");

        static Task Run(Action check)
        {
            check();
            return Task.CompletedTask;
        }
    }

    [TestCase("GET", "https://api.stripe.com/v1/customers?limit=1&created[gte]=5", "", true)]
    [TestCase("GET", "https://api.stripe.com/v1/nothing", "", false)]
    [TestCase("DELETE", "https://api.stripe.com/v1/invoices/in_1", "", false)]
    [TestCase("GET", "https://api.stripe.com/v1/customers?since=1", "", false)]
    [TestCase("GET", "https://api.stripe.com/v1/customers?created[after]=5", "", false)]
    [TestCase("GET", "https://api.stripe.com/v1/subscription_items", "", false)]
    [TestCase("POST", "https://api.stripe.com/v1/subscriptions/sub_1", "items[0][price]=price_1&cancel_at_period_end=true", true)]
    [TestCase("POST", "https://api.stripe.com/v1/subscriptions/sub_1", "items[0][cost]=1", false)]
    [TestCase("POST", "https://api.stripe.com/v1/subscriptions/sub_1", "cancel_at_period_end=yes", false)]
    [TestCase("POST", "https://api.stripe.com/v1/subscriptions/sub_1", "proration_behavior=sometimes", false)]
    [TestCase("POST", "https://api.stripe.com/v1/webhook_endpoints", "url=https://portal.example/", false)]
    [TestCase("POST", "https://api.stripe.com/v1/refunds", "amount=1", true)]
    [TestCase("GET", "https://pay.stripe.com/anything", "", true)]
    public void Requests_are_held_against_the_document(string method, string address, string form, bool known)
    {
        if (OpenApiCheck.For("stripe", ["POST /v1/refunds"]) is not { } check)
            return;
        var call = new RecordedCall(
            method,
            new Uri(address),
            form,
            new Dictionary<string, string> { ["Content-Type"] = "application/x-www-form-urlencoded" }
        );

        (check.Judge(call) is null).Should().Be(known);
    }

    [Test]
    public void An_exception_from_the_document_must_be_needed()
    {
        if (Repository.Shared("processors", "openapi", "stripe.json") is not null)
            FluentActions.Invoking(() => OpenApiCheck.For("stripe", ["GET /v1/customers"])).Should().Throw<InvalidOperationException>();
    }

    private static async Task Red<T>(Liar<T> liar, Func<Liar<T>, Task> check, string sentence)
        where T : IProcessor, new()
    {
        var thrown = (await FluentActions.Awaiting(() => check(liar)).Should().ThrowAsync<Exception>()).Which;
        thrown.Should().Match(found => found is AssertionException || found is UnrecordedCallException);
        thrown.Message.Should().Contain(sentence, "it is red for this reason and no other");
    }

    /// <summary>A fixture that breaks rules. Generic, so that the runner does not take it for one of its own.</summary>
    private sealed class Liar<T> : ProcessorConformance
        where T : IProcessor, new()
    {
        protected override IProcessorPlugin Plugin => new LyingPlugin(() => new T(), typeof(T));

        protected override string Folder => "Nowhere";

        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["secret"] = LyingPlugin.Secret };

        protected override ConformanceSamples Samples => new() { PaymentId = "p1", Refund = new Money(1, "EUR") };

        protected override IReadOnlyList<string> SignatureHeaders => ["Signature"];

        protected override TimeSpan? Tolerance => TimeSpan.FromMinutes(5);

        protected override string? IdempotencyHeader => "Idempotency-Key";

        protected override IReadOnlyList<byte[]> Deliveries => [Encoding.UTF8.GetBytes("{}")];

        protected override WebhookRequest Sign(byte[] body, string secret, DateTimeOffset at) =>
            new()
            {
                Body = body,
                Headers = new Dictionary<string, IReadOnlyList<string>> { ["Signature"] = ["signed-somehow"] },
            };
    }

    private sealed class LyingPlugin(Func<IProcessor> connect, Type claimed) : IProcessorPlugin
    {
        public const string Secret = "canary-secret";

        public static Connection? Given { get; private set; }

        public string Id => "liar";

        public string DisplayName => "Liar";

        public IReadOnlyList<Setting> Settings =>
            [
                new()
                {
                    Name = "secret",
                    Label = "NoSuchWords",
                    Secret = true,
                    GuardsWebhooks = true,
                },
            ];

        public Type ProcessorType => claimed;

        public IProcessor Connect(Connection connection)
        {
            Given = connection;
            return connect();
        }
    }

    /// <summary>Claims refunds, asks what nobody recorded, drops the key, and lets any exception through.</summary>
    private sealed class Claims : IProcessor, IRefundPayments
    {
        public RefundTerms Terms => new();

        public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;

        public async Task<Outcome> RefundAsync(RefundPayment request, CancellationToken ct)
        {
            using var reply = await LyingPlugin.Given!.Http.PostAsync(new Uri("https://api.liar.example/refund"), null, ct);
            return new Outcome.Pending();
        }
    }

    /// <summary>Answers out of thin air.</summary>
    private sealed class Invents : IProcessor, IRefundPayments
    {
        public RefundTerms Terms => new();

        public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;

        public Task<Outcome> RefundAsync(RefundPayment request, CancellationToken ct) => Task.FromResult<Outcome>(new Outcome.Pending());
    }

    /// <summary>Believes every delivery and chokes on what it says.</summary>
    private sealed class Believes : IProcessor, IReceiveWebhooks
    {
        public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;

        public Task<Delivery> VerifyAsync(WebhookRequest request, CancellationToken ct) =>
            Task.FromResult<Delivery>(new Delivery.Verified { DeliveryId = "1", EventType = "any" });

        public Task<IReadOnlyList<ProcessorRecord>> ReadAsync(WebhookRequest request, CancellationToken ct) =>
            request.Body.Length == 2 ? Task.FromResult<IReadOnlyList<ProcessorRecord>>([]) : throw new InvalidOperationException("choked");
    }

    /// <summary>Copies the reply into its exception.</summary>
    private sealed class Leaks : IProcessor
    {
        public async Task CheckAsync(CancellationToken ct)
        {
            using var reply = await LyingPlugin.Given!.Http.GetAsync(new Uri("https://api.liar.example/"), ct);
            throw new ProcessorException(ProcessorFault.RateLimited, await reply.Content.ReadAsStringAsync(ct))
            {
                RetryAfter = TimeSpan.FromSeconds(120),
            };
        }
    }
}
