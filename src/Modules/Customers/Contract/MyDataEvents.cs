using Portal.Kernel;

namespace Portal.Customers.Contract;

/// <summary>The copy of her data a buyer asked for can be fetched.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="ExportId">Its name in URLs.</param>
/// <param name="Token">For the mailed link, which works for her alone and only while she is signed in. It exists here and in the mail.</param>
/// <param name="LinkEndsAt">When the link stops working.</param>
/// <param name="KeptUntil">When the file goes.</param>
/// <param name="Language">The language she asked in.</param>
public sealed record DataExportReady(
    CustomerId Customer,
    string ExportId,
    string Token,
    DateTimeOffset LinkEndsAt,
    DateTimeOffset KeptUntil,
    string Language
) : IEvent
{
    /// <inheritdoc />
    public override string ToString() => $"Export {ExportId} ready";
}

/// <summary>Where a wish to be erased stands.</summary>
public enum ErasureState
{
    /// <summary>The merchant has yet to decide.</summary>
    Asked,

    /// <summary>The merchant agreed; it is being carried out.</summary>
    Ordered,

    /// <summary>Nothing is left but what had to be kept.</summary>
    Done,

    /// <summary>The merchant refused, with a reason.</summary>
    Refused,

    /// <summary>The buyer took it back.</summary>
    Withdrawn,
}

/// <summary>A wish to be erased was made, decided or taken back. When it is done this is told while her address is still known.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="RequestId">Its name in URLs.</param>
/// <param name="State">Where it stands now.</param>
/// <param name="Reason">The merchant's words for a refusal.</param>
/// <param name="Language">The language she asked in.</param>
public sealed record ErasureMoved(CustomerId Customer, string RequestId, ErasureState State, string? Reason, string Language) : IEvent;
