using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Plugin.Stripe;
using Portal.Processors;

namespace Portal.PluginTests.Stripe;

/// <summary>The same faults through a real socket, since a stand-in throws only what its author thought of.</summary>
public sealed class StripeOverTheWireTests
{
    [TestCase("", ProcessorFault.NoReply)]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":", ProcessorFault.NoReply)]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi", ProcessorFault.NoReply)]
    [TestCase("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", ProcessorFault.BadRequest)]
    [TestCase("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", ProcessorFault.BadCredentials)]
    [TestCase("not http at all\r\n\r\n", ProcessorFault.NoReply)]
    public async Task A_command_meets(string answer, ProcessorFault expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var serving = ServeAsync(listener, answer, stop.Token);

        (await Fault(listener)).Should().Be(expected);

        await stop.CancelAsync();
        await serving;
    }

    [Test]
    public async Task A_command_nobody_listens_to_was_not_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = listener.LocalEndpoint;
        listener.Stop();

        (await Fault((IPEndPoint)port)).Should().Be(ProcessorFault.NotSent);
    }

    [Test]
    public async Task A_command_left_waiting_has_no_reply()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        (await Fault(listener)).Should().Be(ProcessorFault.NoReply);
    }

    private static Task<ProcessorFault> Fault(TcpListener listener) => Fault((IPEndPoint)listener.LocalEndpoint);

    private static async Task<ProcessorFault> Fault(IPEndPoint port)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
        {
            Timeout = TimeSpan.FromMilliseconds(500),
        };
        var processor = (IPauseSubscriptions)
            new StripePlugin().Connect(
                new Connection
                {
                    Settings = new Dictionary<string, string> { ["apiKey"] = "sk_test_x", ["apiBase"] = $"http://{port}" },
                    TestMode = true,
                    Http = http,
                    Clock = new StillClock(DateTimeOffset.UnixEpoch),
                }
            );
        var act = () => processor.PauseAsync(new() { IdempotencyKey = "key-1", SubscriptionId = "sub_1" }, default);
        return (await act.Should().ThrowAsync<ProcessorException>()).Which.Fault;
    }

    private static async Task ServeAsync(TcpListener listener, string answer, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptTcpClientAsync(stop);
                await using var stream = caller.GetStream();
                _ = await stream.ReadAsync(new byte[4096], stop);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
