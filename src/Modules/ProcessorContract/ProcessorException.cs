namespace Portal.Processors;

/// <summary>The processor could not be used. The fault tells the portal whether to retry, to warn, or to give up.</summary>
/// <param name="fault">What it means for the next step.</param>
/// <param name="message">For the log and the merchant: facts, no secret, no reply body.</param>
/// <param name="inner">What was caught.</param>
public sealed class ProcessorException(ProcessorFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What it means for the next step.</summary>
    public ProcessorFault Fault { get; } = fault;

    /// <summary>How long the processor asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Why a processor could not be used, by what to do next.</summary>
public enum ProcessorFault
{
    /// <summary>Certainly nothing happened: safe to try again.</summary>
    NotSent,

    /// <summary>It may have happened: the portal asks the books before anyone tries again.</summary>
    NoReply,

    /// <summary>Too many requests: nothing happened, wait.</summary>
    RateLimited,

    /// <summary>The merchant must correct the connection's settings.</summary>
    BadCredentials,

    /// <summary>The processor does not know the thing.</summary>
    NotFound,

    /// <summary>The processor does not understand the request: a mistake in the adapter or in the merchant's set-up there.</summary>
    BadRequest,
}
