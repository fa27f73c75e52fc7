using Portal.Customers.Data;

namespace Portal.Customers.CheckTaxIds;

/// <summary>What a register answered.</summary>
/// <param name="Verdict"><see cref="TaxIdVerdict.Unverified"/> while it gave no usable answer.</param>
/// <param name="Reference">Its own number for the answer.</param>
/// <param name="Reason">Why there is no answer; for the log.</param>
internal sealed record TaxIdAnswer(TaxIdVerdict Verdict, string? Reference, string? Reason);

/// <summary>The register of tax ids, outside. Whatever it does, a buyer never waits for it and no purchase depends on it.</summary>
internal interface ITaxIdRegister
{
    /// <summary>Whether it is there to be asked about this one.</summary>
    bool Knows(string taxId);

    /// <summary>Asks. A register that is down, slow or talks nonsense leaves the id unverified; it never throws for that.</summary>
    Task<TaxIdAnswer> AskAsync(string taxId, CancellationToken ct);
}
