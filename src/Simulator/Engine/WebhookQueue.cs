namespace Portal.Simulator.Engine;

/// <summary>Who is told about changes.</summary>
internal sealed record WebhookEndpoint(Uri Receiver, string Secret);

/// <summary>
/// Sends events until their receiver answers 2xx: in the order they happened, an object's next event only after
/// the one before, the others of a failing object unhindered. Its waiting is in real time, whatever the books' clock says.
/// </summary>
internal sealed class WebhookQueue(Books books, FaultSwitches faults, IWebhookFormat format, TimeProvider wire, ILogger<WebhookQueue> log)
    : BackgroundService
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = AnswerWithin };
    private readonly SemaphoreSlim news = new(0);
    private readonly Dictionary<string, DateTimeOffset> notBefore = [];
    private volatile bool hurry;
    private WebhookEndpoint? endpoint;

    public WebhookEndpoint? Endpoint
    {
        get => endpoint;
        set
        {
            endpoint = value;
            books.Listened = value is not null;
            Hurry();
        }
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public override void Dispose()
    {
        http.Dispose();
        news.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        books.EventsAdded += Wake;
        faults.WebhooksChanged += Hurry;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = await PassAsync(stoppingToken);
            if (wait is { } until)
                await news.WaitAsync(until, stoppingToken);
            else
                await news.WaitAsync(stoppingToken);
        }
    }

    private void Wake() => news.Release();

    // Whoever mends something should not have to sit out the back-off.
    private void Hurry()
    {
        hurry = true;
        Wake();
    }

    /// <summary>Sends what is due; answers when something will be due next.</summary>
    private async Task<TimeSpan?> PassAsync(CancellationToken ct)
    {
        if (hurry)
        {
            hurry = false;
            notBefore.Clear();
        }
        if (faults.Webhooks.Reverse && books.PendingEvents().Count > 0)
            await Task.Delay(Gathering, TimeProvider.System, ct);
        var reversed = faults.Webhooks.Reverse;
        var pending = books.PendingEvents();
        if (reversed)
            pending.Reverse();
        var held = new HashSet<string>();
        TimeSpan? wait = null;
        foreach (var next in pending)
        {
            if (faults.Webhooks.Off || Endpoint is null)
                return null;
            if (!reversed && held.Contains(next.ObjectId))
                continue;
            if (!notBefore.TryGetValue(next.Id, out var due))
                notBefore[next.Id] = due = Now + TimeSpan.FromMilliseconds(faults.Webhooks.DelayMs);
            if (due <= Now && await SendAsync(next, Endpoint, ct))
            {
                notBefore.Remove(next.Id);
                continue;
            }
            held.Add(next.ObjectId);
            var left = notBefore[next.Id] - Now;
            wait = wait is null || left < wait ? left : wait;
        }
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private async Task<bool> SendAsync(WebhookEvent next, WebhookEndpoint receiver, CancellationToken ct)
    {
        var fault = faults.Webhooks;
        if (fault.Lose)
        {
            books.Tried(next, null, EventState.Lost);
            return true;
        }
        int? status = null;
        for (var copy = 0; copy <= fault.Duplicate; copy++)
            status = await PostAsync(next, receiver, fault, ct);
        var done = status is >= 200 and < 300;
        books.Tried(next, status, done ? EventState.Delivered : EventState.Pending);
        if (!done)
            notBefore[next.Id] = Now + BackOff(next.Attempts);
        return done;
    }

    private async Task<int?> PostAsync(WebhookEvent next, WebhookEndpoint receiver, WebhookFaults fault, CancellationToken ct)
    {
        var body = fault.WrongAmount ? FaultReplies.WithWrongAmounts(next.Body) : next.Body;
        var secret = fault.BadSignature ? Convert.ToBase64String(new byte[32]) : receiver.Secret;
        using var request = format.Sign(receiver.Receiver, secret, next.Id, wire.GetUtcNow(), body);
        try
        {
            using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return (int)reply.StatusCode;
        }
        catch (HttpRequestException unreachable)
        {
            log.LogInformation("The receiver of webhooks cannot be reached: {Reason}", unreachable.Message);
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            log.LogInformation("The receiver of webhooks did not answer within {Seconds} s.", AnswerWithin.TotalSeconds);
            return null;
        }
    }

    private static TimeSpan BackOff(int attempts) =>
        TimeSpan.FromTicks(Math.Min(LongestBackOff.Ticks, FirstBackOff.Ticks << Math.Min(attempts - 1, 20)));
}
