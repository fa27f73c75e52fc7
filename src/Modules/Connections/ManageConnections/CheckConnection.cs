using Microsoft.Extensions.Logging;
using Portal.Connections.Contract;
using Portal.Processors;

namespace Portal.Connections.ManageConnections;

/// <summary>What a processor said about a connection's credentials.</summary>
internal enum CheckVerdict
{
    Accepted,
    NotUsable,
    NotSent,
    NoReply,
    RateLimited,
    BadCredentials,
    NotFound,
    BadRequest,
}

/// <summary>Proves a connection's credentials at the processor, now.</summary>
internal sealed partial class CheckConnection(IConnections connections, ILogger<CheckConnection> log)
{
    public async Task<CheckVerdict> RunAsync(ConnectionInfo connection, CancellationToken ct)
    {
        if (await connections.OpenAsync(connection.Id, ct) is not { } processor)
        {
            return CheckVerdict.NotUsable;
        }

        try
        {
            await processor.CheckAsync(ct);
            return CheckVerdict.Accepted;
        }
        catch (ProcessorException refused)
        {
            Refused(connection.PublicId, refused.Fault, refused.Message);
            return refused.Fault switch
            {
                ProcessorFault.NotSent => CheckVerdict.NotSent,
                ProcessorFault.RateLimited => CheckVerdict.RateLimited,
                ProcessorFault.BadCredentials => CheckVerdict.BadCredentials,
                ProcessorFault.NotFound => CheckVerdict.NotFound,
                ProcessorFault.BadRequest => CheckVerdict.BadRequest,
                _ => CheckVerdict.NoReply,
            };
        }
        catch (FormatException odd)
        {
            Refused(connection.PublicId, ProcessorFault.NoReply, odd.Message);
            return CheckVerdict.NoReply;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The check of {Connection} ended with {Fault}: {Message}")]
    private partial void Refused(string connection, ProcessorFault fault, string message);
}
