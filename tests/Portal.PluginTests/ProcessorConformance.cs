using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Resources;
using System.Text;
using System.Text.Json;
using Portal.Processors;
using Portal.TestSupport;

namespace Portal.PluginTests;

/// <summary>
/// What every plugin must do, whatever its processor. A plugin's fixture supplies itself, its settings, deliveries it can sign and
/// a folder of recorded replies; each claimed capability is then exercised, and a claim without recorded evidence fails.
/// </summary>
public abstract class ProcessorConformance
{
    private const string Key = "portal-key-0001";
    private static readonly Uri ReturnTo = new("https://portal.example/subscriptions/1?done=yes");

    /// <summary>The plugin.</summary>
    protected abstract IProcessorPlugin Plugin { get; }

    /// <summary>Its folder under <c>plugins/</c> and under this project.</summary>
    protected abstract string Folder { get; }

    /// <summary>All its settings, with secrets that occur nowhere else.</summary>
    protected abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The ids the recorded replies are about.</summary>
    protected abstract ConformanceSamples Samples { get; }

    /// <summary>Bodies the processor sends, unsigned.</summary>
    protected abstract IReadOnlyList<byte[]> Deliveries { get; }

    /// <summary>A delivery as the processor would sign it.</summary>
    protected abstract WebhookRequest Sign(byte[] body, string secret, DateTimeOffset at);

    /// <summary>The headers that carry the signature; none where it is in the body.</summary>
    protected virtual IReadOnlyList<string> SignatureHeaders => [];

    /// <summary>How old or early a delivery may be; null where nothing signed says when.</summary>
    protected virtual TimeSpan? Tolerance => null;

    /// <summary>The header that carries the idempotency key; null where the processor takes none.</summary>
    protected virtual string? IdempotencyHeader => null;

    /// <summary>Operations the reduced OpenAPI document leaves out: <c>POST /v1/refunds</c>, with <c>{}</c> for an id.</summary>
    protected virtual IReadOnlyCollection<string> NotInDocument => [];

    /// <summary>Whether the connection is in test mode.</summary>
    protected virtual bool TestMode => true;

    /// <summary>The moment all of it happens.</summary>
    protected virtual DateTimeOffset Now => new(2026, 7, 29, 5, 20, 0, TimeSpan.Zero);

    private string RepliesFolder => Path.Combine(Repository.Root, "tests", "Portal.PluginTests", Folder, "Replies");

    private IEnumerable<string> Secrets => Plugin.Settings.Where(setting => setting.Secret).Select(setting => Settings[setting.Name]);

    private Setting Guard => Plugin.Settings.Single(setting => setting.GuardsWebhooks);

    private IReadOnlyList<Type> Claims =>
        [
            .. Plugin
                .ProcessorType.GetInterfaces()
                .Where(type => type.Assembly == typeof(IProcessor).Assembly && type != typeof(IProcessor))
                .OrderBy(type => type.Name, StringComparer.Ordinal),
        ];

    /// <summary>A connection served from the recorded replies.</summary>
    protected (IProcessor Processor, RecordedReplies Replies, StillClock Clock) Connect(
        IReadOnlyDictionary<string, string>? settings = null,
        DateTimeOffset? now = null
    )
    {
        var replies = new RecordedReplies(RepliesFolder, OpenApiCheck.For(Plugin.Id, NotInDocument));
        var clock = new StillClock(now ?? Now);
        var processor = Plugin.Connect(
            new Connection
            {
                Settings = settings ?? Settings,
                TestMode = TestMode,
                Http = new HttpClient(replies),
                Clock = clock,
            }
        );
        return (processor, replies, clock);
    }

    [Test]
    public void The_manifest_agrees_with_the_plugin()
    {
        using var manifest = Manifest();
        var contract = typeof(IProcessor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

        Told("id").Should().Be(Plugin.Id).And.MatchRegex("^[a-z][a-z0-9]*$");
        Told("name").Should().Be(Plugin.DisplayName);
        Told("entry").Should().Be(Plugin.GetType().Assembly.GetName().Name + ".dll");
        Told("contract").Should().Be(contract);
        Version.TryParse(Told("version"), out _).Should().BeTrue();
        manifest.RootElement.GetProperty("hosts").EnumerateArray().Should().NotBeEmpty();
        manifest
            .RootElement.EnumerateObject()
            .Select(field => field.Name)
            .Should()
            .BeEquivalentTo("id", "name", "version", "contract", "entry", "hosts");

        string? Told(string name) => manifest.RootElement.GetProperty(name).GetString();
    }

    [Test]
    public void The_plugin_connects_to_the_type_it_names()
    {
        var (processor, replies, _) = Connect();

        processor.GetType().Should().Be(Plugin.ProcessorType);
        replies.Calls.Should().BeEmpty("connecting is only construction");
        Plugin.GetType().Assembly.GetExportedTypes().Should().BeEquivalentTo([Plugin.GetType()], "a plugin exports itself and nothing else");
        Plugin.Settings.Select(setting => setting.Name).Should().OnlyHaveUniqueItems().And.NotContain("apiBase", "the portal adds it");
    }

    [Test]
    public void Every_label_and_limit_has_words_in_English_and_German()
    {
        var texts = new ResourceManager(Plugin.GetType().Assembly.GetName().Name + ".Texts", Plugin.GetType().Assembly);
        var limits = Plugin.ProcessorType.GetCustomAttributes<LimitAttribute>().ToList();
        var keys = Plugin
            .Settings.SelectMany(setting => new[] { setting.Label, setting.Help })
            .Concat(limits.Select(limit => limit.Note))
            .OfType<string>()
            .ToHashSet();

        foreach (var culture in new[] { CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo("de") })
        {
            var words = texts.GetResourceSet(culture, createIfNotExists: true, tryParents: false);
            words.Should().NotBeNull($"there are words for \"{culture.Name}\"");
            foreach (var key in keys)
                words!.GetString(key).Should().NotBeNullOrWhiteSpace($"{key} has words in \"{culture.Name}\"");
        }
        limits.Select(limit => limit.Capability).Should().BeSubsetOf(Claims, "a limit is about something claimed");
    }

    [Test]
    public async Task Every_claim_is_backed_by_recorded_replies()
    {
        foreach (var claim in Claims.Append(typeof(IProcessor)))
        {
            var exercises = Exercises(claim).ToList();
            exercises.Should().NotBeEmpty($"{claim.Name} is claimed, so there is a way to exercise it");
            foreach (var exercise in exercises)
            {
                var (processor, replies, _) = Connect();
                await exercise.Run(processor, default);
                replies.Mistakes.Should().BeEmpty($"{exercise.Name} asks only what is recorded and documented");
                if (claim != typeof(IReceiveWebhooks))
                    replies.Calls.Should().NotBeEmpty($"{exercise.Name} is claimed, and an answer without asking is no evidence");
            }
        }
    }

    [Test]
    public async Task Every_request_goes_to_a_host_of_the_manifest_or_to_the_address_given()
    {
        using var manifest = Manifest();
        var hosts = manifest.RootElement.GetProperty("hosts").EnumerateArray().Select(host => host.GetString()).ToList();
        foreach (var exercise in Claims.Append(typeof(IProcessor)).SelectMany(Exercises))
        {
            var (processor, replies, _) = Connect();
            await exercise.Run(processor, default);
            replies.Calls.Select(call => call.Address.Scheme).Should().AllBe("https");
            replies.Calls.Select(call => call.Address.Host).Should().BeSubsetOf(hosts, exercise.Name);
        }

        var (elsewhere, asked, _) = Connect(new Dictionary<string, string>(Settings) { ["apiBase"] = "http://127.0.0.1:4242/base/" });
        asked.Fault = (_, _) => Task.FromResult<HttpResponseMessage?>(new HttpResponseMessage(HttpStatusCode.Unauthorized));
        await Catch(() => elsewhere.CheckAsync(default));
        asked.Calls.Should().NotBeEmpty().And.OnlyContain(call => call.Address.AbsoluteUri.StartsWith("http://127.0.0.1:4242/base/"));
    }

    [Test]
    public async Task Genuine_deliveries_are_verified_and_read()
    {
        if (!Claims.Contains(typeof(IReceiveWebhooks)))
            return;
        Deliveries.Should().NotBeEmpty("webhooks are claimed");
        var effects = 0;
        foreach (var body in Deliveries)
        {
            var (processor, replies, _) = Connect();
            var request = Sign(body, Settings[Guard.Name], Now);
            var webhooks = (IReceiveWebhooks)processor;

            var verified = (await webhooks.VerifyAsync(request, default)).Should().BeOfType<Delivery.Verified>().Subject;
            replies.Calls.Should().BeEmpty("a signature is judged without the network");
            verified.DeliveryId.Should().NotBeNullOrWhiteSpace();
            verified.DeliveryId.Length.Should().BeLessThanOrEqualTo(200);
            verified.EventType.Should().NotBeNullOrWhiteSpace();
            (verified.TestMode ?? TestMode).Should().Be(TestMode);
            (await webhooks.VerifyAsync(request, default)).Should().Be(verified, "the same delivery has the same id");

            var records = await webhooks.ReadAsync(request, default);
            foreach (var record in records)
                Sound(record, verified.EventType);
            replies.Mistakes.Should().BeEmpty(verified.EventType);
            (await webhooks.ReadAsync(request, default)).Should().BeEquivalentTo(records, all => all.RespectingRuntimeTypes());
            effects += records.Count;
        }
        effects.Should().BePositive("some delivery has an effect");
    }

    [Test]
    public async Task Deliveries_are_read_without_the_network_as_far_as_they_tell()
    {
        if (!Claims.Contains(typeof(IReceiveWebhooks)))
            return;
        foreach (var body in Deliveries)
        foreach (var fault in Enum.GetValues<Fault>())
        {
            var (processor, replies, _) = Connect();
            replies.Fault = (_, ct) => Strike(fault, ct);
            var request = Sign(body, Settings[Guard.Name], Now);
            if (await Catch(() => ((IReceiveWebhooks)processor).ReadAsync(request, default)) is { } thrown)
                Silent(thrown).Should().BeOfType<ProcessorException>($"{fault} is the processor's, not the delivery's");
        }
    }

    [SecurityCase("W1", "every plugin: no byte of a delivery may change")]
    [Test]
    public async Task No_byte_of_a_delivery_may_change()
    {
        foreach (var body in SignedDeliveries())
        {
            var genuine = Sign(body, Settings[Guard.Name], Now);
            var bytes = genuine.Body.ToArray();
            var webhooks = (IReceiveWebhooks)Connect().Processor;
            for (var at = 0; at < bytes.Length; at++)
            {
                bytes[at] ^= 1;
                await Rejected(webhooks, genuine with { Body = bytes }, $"byte {at} is not as signed");
                bytes[at] ^= 1;
            }
            await Rejected(webhooks, genuine with { Body = bytes.AsMemory()[..^1] }, "the end is missing");
            await Rejected(webhooks, genuine with { Body = (byte[])[.. bytes, (byte)'\n'] }, "something was added");
        }
    }

    [SecurityCase("W1", "every plugin: each signature header exactly once")]
    [Test]
    public async Task Every_signature_header_is_needed_exactly_once()
    {
        foreach (var body in SignedDeliveries())
        foreach (var header in SignatureHeaders)
        {
            var genuine = Sign(body, Settings[Guard.Name], Now);
            var value = genuine.Headers.Single(pair => pair.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Value.Single();
            var webhooks = (IReceiveWebhooks)Connect().Processor;

            await Rejected(webhooks, With(null), $"{header} is missing");
            await Rejected(webhooks, With([]), $"{header} has no value");
            await Rejected(webhooks, With([""]), $"{header} is empty");
            await Rejected(webhooks, With([value, value]), $"{header} is doubled");
            await Rejected(webhooks, With([value[..^1]]), $"{header} is cut short");
            await Rejected(webhooks, With([value[..8]]), $"{header} is cut short");

            WebhookRequest With(string[]? values)
            {
                var headers = new Dictionary<string, IReadOnlyList<string>>(genuine.Headers, StringComparer.OrdinalIgnoreCase);
                headers.Remove(header);
                if (values is not null)
                    headers[header] = values;
                return genuine with { Headers = headers };
            }
        }
    }

    [SecurityCase("W2", "every plugin that dates deliveries: old and early ones are refused")]
    [Test]
    public async Task Old_and_early_deliveries_are_refused()
    {
        if (Tolerance is not { } tolerance)
            return;
        var second = TimeSpan.FromSeconds(1);
        foreach (var body in SignedDeliveries())
        {
            var webhooks = (IReceiveWebhooks)Connect().Processor;
            await Rejected(webhooks, At(-tolerance - second), "it is old");
            await Rejected(webhooks, At(tolerance + second), "it is early");
            (await webhooks.VerifyAsync(At(-tolerance + second), default)).Should().BeOfType<Delivery.Verified>();
            (await webhooks.VerifyAsync(At(tolerance - second), default)).Should().BeOfType<Delivery.Verified>();

            WebhookRequest At(TimeSpan off) => Sign(body, Settings[Guard.Name], Now + off);
        }
    }

    [SecurityCase("W3", "every plugin: a wrong or blank secret verifies nothing")]
    [Test]
    public async Task A_wrong_or_blank_secret_verifies_nothing()
    {
        foreach (var body in SignedDeliveries())
        {
            await Rejected((IReceiveWebhooks)Connect().Processor, Sign(body, "another secret", Now), "the secret is another");
            foreach (var blank in new[] { null, "", " ", "\t" })
            {
                var settings = Settings.Where(pair => pair.Key != Guard.Name).ToDictionary();
                if (blank is not null)
                    settings[Guard.Name] = blank;
                var webhooks = (IReceiveWebhooks)Connect(settings).Processor;
                await Rejected(webhooks, Sign(body, blank ?? "", Now), "anyone can sign with a blank secret");
                await Rejected(webhooks, Sign(body, Settings[Guard.Name], Now), "no secret is set");
            }
        }
    }

    [SecurityCase("W8", "every plugin: signed nonsense is neither believed nor fatal")]
    [Test]
    public async Task Signed_nonsense_is_neither_believed_nor_fatal()
    {
        if (!Claims.Contains(typeof(IReceiveWebhooks)))
            return;
        string[] bodies =
        [
            "",
            "null",
            "[]",
            "{}",
            "hello",
            "\"\\ud800\"",
            "{\"id\":\"\\ud800\",\"type\":7}",
            "{\"id\":1e400,\"type\":\"x\",\"created\":1e400}",
            string.Concat(Enumerable.Repeat("[", 10_000)),
            "{\"id\":\"a\",\"id\":\"b\"}",
            "a=1&a=2&=&%zz",
        ];
        foreach (var body in bodies.Select(Encoding.UTF8.GetBytes).Append([0xff, 0xfe, (byte)'{', 0x80, (byte)'}']))
        {
            var webhooks = (IReceiveWebhooks)Connect().Processor;
            var request = Sign(body, Settings[Guard.Name], Now);
            var delivery = await webhooks.VerifyAsync(request, default);
            if (delivery is not Delivery.Verified verified)
                continue;
            verified.DeliveryId.Should().NotBeNullOrWhiteSpace();
            if (await Catch(() => webhooks.ReadAsync(request, default)) is { } thrown)
                Silent(thrown).Should().Match(exception => exception is FormatException || exception is ProcessorException);
        }
    }

    [Test]
    public async Task Every_fault_says_what_to_do_next()
    {
        foreach (var exercise in Claims.Append(typeof(IProcessor)).Where(claim => claim != typeof(IReceiveWebhooks)).SelectMany(Exercises))
        foreach (var fault in Enum.GetValues<Fault>())
        foreach (var onlyWrites in new[] { false, true })
        {
            var (processor, replies, clock) = Connect();
            var struck = 0;
            replies.Fault = (call, ct) =>
                onlyWrites && !call.IsWrite || struck++ > 100 ? Task.FromResult<HttpResponseMessage?>(null) : Strike(fault, ct);
            var what = $"{exercise.Name} meets {fault}";

            var thrown = await Catch(() => exercise.Run(processor, default));
            if (struck == 0)
                continue;
            var exception = Silent(thrown).Should().BeOfType<ProcessorException>(what).Subject;
            // What only reads has changed nothing, so either way of saying "try again" is true.
            var expected = Expected(fault);
            if (expected == ProcessorFault.NoReply && !replies.Calls[^1].IsWrite)
                exception.Fault.Should().BeOneOf([ProcessorFault.NoReply, ProcessorFault.NotSent], what);
            else
                exception.Fault.Should().Be(expected, what);
            if (fault == Fault.TooMany)
                exception.RetryAfter.Should().Be(TimeSpan.FromSeconds(120), what);
            replies.Calls.Select(call => call.Address.Host).Should().NotContain("elsewhere.example", "redirects are not followed");
            struck.Should().BeLessThanOrEqualTo(6, "tries are bounded: " + what);
            clock.Waits.Sum(wait => wait.TotalSeconds).Should().BeLessThan(30, what);
            replies.Mistakes.Should().BeEmpty(what);
        }
    }

    [Test]
    public async Task Commands_pass_the_idempotency_key_on()
    {
        if (IdempotencyHeader is not { } header)
            return;
        foreach (var exercise in Claims.Where(claim => claim != typeof(IReceiveWebhooks)).SelectMany(Exercises))
        {
            var (processor, replies, _) = Connect();
            var failed = false;
            replies.Fault = (call, ct) =>
            {
                if (failed || !call.IsWrite)
                    return Task.FromResult<HttpResponseMessage?>(null);
                failed = true;
                return Strike(Fault.Broken, ct);
            };
            await Catch(() => exercise.Run(processor, default));

            // To delete twice is to delete once; those who take no key there need none.
            var writes = replies.Calls.Where(call => call.IsWrite && call.Method != "DELETE").ToList();
            foreach (var call in writes)
                call.Headers.GetValueOrDefault(header).Should().StartWith(Key, exercise.Name);
            foreach (var same in writes.GroupBy(call => call.Address))
                same.Select(call => (call.Headers[header], call.Body)).Distinct().Should().HaveCount(1, "a repeated command is the same command");
        }
    }

    [Test]
    public async Task Cancellation_is_honored()
    {
        foreach (var exercise in Claims.Append(typeof(IProcessor)).SelectMany(Exercises))
        {
            var (processor, replies, _) = Connect();
            var early = await Catch(() => exercise.Run(processor, new CancellationToken(true)));
            early.Should().BeAssignableTo<OperationCanceledException>(exercise.Name);
            replies.Calls.Should().BeEmpty(exercise.Name);

            var (waiting, asked, _) = Connect();
            using var canceled = new CancellationTokenSource();
            asked.Fault = async (_, ct) =>
            {
                await canceled.CancelAsync();
                await Task.Delay(Timeout.Infinite, ct);
                return null;
            };
            var late = await Catch(() => exercise.Run(waiting, canceled.Token).WaitAsync(TimeSpan.FromSeconds(10)));
            if (asked.Calls.Count > 0)
                late.Should().BeAssignableTo<OperationCanceledException>(exercise.Name);
        }
    }

    private JsonDocument Manifest()
    {
        var file = Path.Combine(Repository.Root, "plugins", Folder, "plugin.json");
        File.Exists(file).Should().BeTrue("a plugin has a manifest");
        return JsonDocument.Parse(File.ReadAllBytes(file));
    }

    private IEnumerable<byte[]> SignedDeliveries() =>
        Claims.Contains(typeof(IReceiveWebhooks)) ? Deliveries.OrderBy(body => body.Length).Take(3) : [];

    private IEnumerable<Exercise> Exercises(Type claim) =>
        claim.Name switch
        {
            nameof(IProcessor) => [new("check", (processor, ct) => processor.CheckAsync(ct))],
            nameof(IReceiveWebhooks) => Deliveries
                .Take(1)
                .Select(body => new Exercise(
                    "webhook",
                    async (processor, ct) =>
                    {
                        var request = Sign(body, Settings[Guard.Name], Now);
                        await ((IReceiveWebhooks)processor).VerifyAsync(request, ct);
                        await ((IReceiveWebhooks)processor).ReadAsync(request, ct);
                    }
                )),
            nameof(IListRecords) =>
            [
                new(
                    "list",
                    async (processor, ct) =>
                    {
                        var count = 0;
                        await foreach (var record in ((IListRecords)processor).ListAsync(Samples.ChangedSince, ct))
                        {
                            Sound(record, "list");
                            count++;
                        }
                        count.Should().BePositive("the recorded books are not empty");
                    }
                ),
                .. Samples.Finds.Select(find => new Exercise(
                    $"find {find.Kind}",
                    async (processor, ct) =>
                    {
                        var record = await ((IListRecords)processor).FindAsync(find.Kind, find.Id, ct);
                        record.Should().NotBeNull($"{find.Kind} {find.Id} is recorded");
                        Sound(record!, $"find {find.Kind}");
                    }
                )),
            ],
            nameof(ICancelSubscriptions) => new[] { CancelTiming.AtPeriodEnd, CancelTiming.Immediately }
                .Where(timing => ((ICancelSubscriptions)Connect().Processor).Timings.HasFlag(timing))
                .Select(timing =>
                    Command<ICancelSubscriptions>(
                        $"cancel {timing}",
                        (processor, ct) =>
                            processor.CancelAsync(
                                new()
                                {
                                    IdempotencyKey = Key,
                                    SubscriptionId = Samples.SubscriptionId,
                                    Timing = timing,
                                },
                                ct
                            )
                    )
                ),
            nameof(IUndoCancellations) =>
            [
                Command<IUndoCancellations>(
                    "undo cancel",
                    (processor, ct) =>
                        processor.UndoCancelAsync(
                            new() { IdempotencyKey = Key, SubscriptionId = Samples.CancelingSubscriptionId ?? Samples.SubscriptionId },
                            ct
                        )
                ),
            ],
            nameof(IPauseSubscriptions) =>
            [
                Command<IPauseSubscriptions>(
                    "pause",
                    (processor, ct) => processor.PauseAsync(new() { IdempotencyKey = Key, SubscriptionId = Samples.SubscriptionId }, ct)
                ),
                Command<IPauseSubscriptions>(
                    "resume",
                    (processor, ct) =>
                        processor.ResumeAsync(
                            new() { IdempotencyKey = Key, SubscriptionId = Samples.PausedSubscriptionId ?? Samples.SubscriptionId },
                            ct
                        )
                ),
            ],
            nameof(IChangePlans) =>
            [
                new(
                    "quote",
                    async (processor, ct) =>
                    {
                        var quote = await ((IChangePlans)processor).QuoteAsync(Change(), ct);
                        Sound(quote.DueNow, "quote");
                        Sound(quote.EachPeriod, "quote");
                    }
                ),
                Command<IChangePlans>("change plan", (processor, ct) => processor.ChangeAsync(Change(), ct)),
            ],
            nameof(IRetryPayments) =>
            [
                Command<IRetryPayments>(
                    "retry",
                    (processor, ct) =>
                        processor.RetryAsync(
                            new()
                            {
                                IdempotencyKey = Key,
                                PaymentId = Samples.PaymentId,
                                InvoiceId = Samples.InvoiceId,
                            },
                            ct
                        )
                ),
            ],
            nameof(IRefundPayments) =>
            [
                Command<IRefundPayments>(
                    "refund",
                    (processor, ct) =>
                        processor.RefundAsync(
                            new()
                            {
                                IdempotencyKey = Key,
                                PaymentId = Samples.PaymentId,
                                Amount = Samples.Refund,
                            },
                            ct
                        )
                ),
            ],
            nameof(IHostCheckout) =>
            [
                Page<IHostCheckout>(
                    "checkout",
                    (processor, ct) =>
                        processor.StartCheckoutAsync(
                            new()
                            {
                                IdempotencyKey = Key,
                                PlanId = Samples.PlanId,
                                ReturnTo = ReturnTo,
                            },
                            ct
                        )
                ),
            ],
            nameof(IHostPaymentMethods) =>
            [
                Page<IHostPaymentMethods>(
                    "update payment method",
                    (processor, ct) =>
                        processor.StartUpdateAsync(
                            new()
                            {
                                IdempotencyKey = Key,
                                CustomerId = Samples.CustomerId,
                                SubscriptionId = Samples.SubscriptionId,
                                ReturnTo = ReturnTo,
                            },
                            ct
                        )
                ),
            ],
            nameof(IRemovePaymentMethods) =>
            [
                Command<IRemovePaymentMethods>(
                    "remove payment method",
                    (processor, ct) => processor.RemoveAsync(new() { IdempotencyKey = Key, PaymentMethodId = Samples.PaymentMethodId }, ct)
                ),
            ],
            nameof(IChoosePaymentMethods) => new[] { null, Samples.SubscriptionId }.Select(subscription =>
                Command<IChoosePaymentMethods>(
                    subscription is null ? "choose for the customer" : "choose for a subscription",
                    (processor, ct) =>
                        processor.ChooseAsync(
                            new()
                            {
                                IdempotencyKey = Key,
                                PaymentMethodId = Samples.PaymentMethodId,
                                CustomerId = Samples.CustomerId,
                                SubscriptionId = subscription,
                            },
                            ct
                        )
                )
            ),
            nameof(IUpdateCustomers) =>
            [
                Command<IUpdateCustomers>(
                    "update customer",
                    (processor, ct) =>
                        processor.UpdateAsync(
                            new()
                            {
                                IdempotencyKey = Key,
                                CustomerId = Samples.CustomerId,
                                Email = "ada@example.com",
                                Name = "Ada Lovelace",
                                Phone = "+442079460000",
                                Address = new()
                                {
                                    Line1 = "2 Mill Lane",
                                    City = "London",
                                    PostalCode = "N1 9GU",
                                    Country = "GB",
                                },
                                ShippingAddress = new(),
                                BusinessName = "Lovelace Ltd",
                                TaxId = "GB980780684",
                                TaxIdCountry = "GB",
                            },
                            ct
                        )
                ),
            ],
            nameof(IProvideInvoiceFiles) =>
            [
                new(
                    "invoice file",
                    async (processor, ct) =>
                    {
                        var file = await ((IProvideInvoiceFiles)processor).OpenAsync(Samples.InvoiceId, ct);
                        await using var content = file.Content;
                        file.MediaType.Should().MatchRegex("^[a-z]+/[a-z0-9.+-]+$");
                        content.ReadByte().Should().NotBe(-1, "the document is not empty");
                    }
                ),
            ],
            _ => [],
        };

    private ChangePlan Change() =>
        new()
        {
            IdempotencyKey = Key,
            SubscriptionId = Samples.SubscriptionId,
            PlanId = Samples.PlanId,
            Quantity = 2,
            ReturnTo = ReturnTo,
        };

    private static Exercise Command<TCapability>(string name, Func<TCapability, CancellationToken, Task<Outcome>> run) =>
        new(
            name,
            async (processor, ct) =>
            {
                switch (await run((TCapability)processor, ct))
                {
                    case Outcome.Succeeded succeeded:
                        Sound(succeeded.Record, name);
                        break;
                    case Outcome.RequiresAction action:
                        Sound(action.Page, name);
                        break;
                    case Outcome.Pending:
                        break;
                    case var other:
                        other.Should().NotBeOfType<Outcome.Declined>($"{name} is recorded as it works");
                        break;
                }
            }
        );

    private static Exercise Page<TCapability>(string name, Func<TCapability, CancellationToken, Task<HostedPage>> run) =>
        new(name, async (processor, ct) => Sound(await run((TCapability)processor, ct), name));

    private static void Sound(HostedPage page, string because)
    {
        page.Location.IsAbsoluteUri.Should().BeTrue(because);
        page.Location.Scheme.Should().Be("https", because);
    }

    private static void Sound(ProcessorRecord record, string because)
    {
        record.Id.Should().NotBeNullOrWhiteSpace(because);
        record.Id.Length.Should().BeLessThanOrEqualTo(200, because);
        record.AsOf.Should().BeAfter(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), because);
        foreach (var property in record.GetType().GetProperties())
        {
            switch (property.GetValue(record))
            {
                case Money money:
                    Sound(money, $"{because}: {property.Name}");
                    break;
                case Uri page:
                    page.Scheme.Should().Be("https", because);
                    break;
                case Enum value:
                    Enum.IsDefined(value.GetType(), value).Should().BeTrue(because);
                    break;
            }
        }
    }

    private static void Sound(Money money, string because) => money.Currency.Should().MatchRegex("^[A-Z]{3}$", because);

    private static async Task Rejected(IReceiveWebhooks webhooks, WebhookRequest request, string because) =>
        (await webhooks.VerifyAsync(request, default)).Should().BeOfType<Delivery.Rejected>(because);

    private static async Task<Exception?> Catch(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private Exception? Silent(Exception? thrown)
    {
        foreach (var secret in Secrets)
            thrown?.ToString().Should().NotContain(secret, "a secret never gets into an exception's text");
        return thrown;
    }

    private Task<HttpResponseMessage?> Strike(Fault fault, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var leak = string.Join(' ', Secrets);
        // A hostile or careless reply quotes the credentials it was sent.
        var error = $$$"""{"error":{"type":"{{{leak}}}","code":"{{{leak}}}","message":"{{{leak}}}"},"message":"{{{leak}}}"}""";
        var limited = Reply(HttpStatusCode.TooManyRequests, error, "application/json");
        limited.Headers.Add("Retry-After", "120");
        var moved = Reply(HttpStatusCode.Found, error, "application/json");
        moved.Headers.Location = new Uri("https://elsewhere.example/");
        return fault switch
        {
            Fault.TooMany => Answer(limited),
            Fault.Broken => Answer(Reply(HttpStatusCode.InternalServerError, error, "application/json")),
            Fault.BadGateway => Answer(Reply(HttpStatusCode.BadGateway, $"<html>{leak}</html>", "text/html")),
            Fault.Html => Answer(Reply(HttpStatusCode.OK, $"<html>{leak}</html>", "text/html")),
            Fault.Truncated => Answer(Reply(HttpStatusCode.OK, $$"""{"id":"{{leak}}","object":""", "application/json")),
            Fault.Unauthorized => Answer(Reply(HttpStatusCode.Unauthorized, error, "application/json")),
            Fault.Moved => Answer(moved),
            Fault.Timeout => throw new TaskCanceledException("The request timed out.", new TimeoutException()),
            Fault.Refused => throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                "Connection refused",
                new SocketException((int)SocketError.ConnectionRefused)
            ),
            Fault.Lost => throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely."),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };

        HttpResponseMessage Reply(HttpStatusCode status, string text, string mediaType) =>
            new(status) { Content = new StringContent(text, Encoding.UTF8, mediaType), ReasonPhrase = leak };

        static Task<HttpResponseMessage?> Answer(HttpResponseMessage reply) => Task.FromResult<HttpResponseMessage?>(reply);
    }

    private static ProcessorFault Expected(Fault fault) =>
        fault switch
        {
            Fault.TooMany => ProcessorFault.RateLimited,
            Fault.Refused => ProcessorFault.NotSent,
            Fault.Unauthorized => ProcessorFault.BadCredentials,
            Fault.Moved => ProcessorFault.BadRequest,
            _ => ProcessorFault.NoReply,
        };

    private enum Fault
    {
        TooMany,
        Broken,
        BadGateway,
        Html,
        Truncated,
        Unauthorized,
        Moved,
        Timeout,
        Refused,
        Lost,
    }

    private sealed record Exercise(string Name, Func<IProcessor, CancellationToken, Task> Run);
}

/// <summary>The ids a plugin's recorded replies are about.</summary>
public sealed record ConformanceSamples
{
    /// <summary>A running subscription.</summary>
    public string SubscriptionId { get; init; } = "";

    /// <summary>One that will end; the running one where the processor needs no other.</summary>
    public string? CancelingSubscriptionId { get; init; }

    /// <summary>A paused one; the running one where the processor needs no other.</summary>
    public string? PausedSubscriptionId { get; init; }

    /// <summary>A plan or price to move to or to buy.</summary>
    public string PlanId { get; init; } = "";

    /// <summary>A payment, to retry and to refund.</summary>
    public string PaymentId { get; init; } = "";

    /// <summary>The invoice of that payment, with a document.</summary>
    public string InvoiceId { get; init; } = "";

    /// <summary>A customer.</summary>
    public string CustomerId { get; init; } = "";

    /// <summary>A stored payment method of hers.</summary>
    public string PaymentMethodId { get; init; } = "";

    /// <summary>How much to refund.</summary>
    public Money Refund { get; init; }

    /// <summary>Since when the books are read.</summary>
    public DateTimeOffset ChangedSince { get; init; } = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What can be looked up.</summary>
    public IReadOnlyList<(RecordKind Kind, string Id)> Finds { get; init; } = [];
}
