using Portal.Kernel;
using Portal.Processors;

namespace Portal.Subscriptions.Data;

/// <summary>A payment method a processor keeps for a customer. Never a full number.</summary>
internal sealed class StoredPaymentMethod : IOfAccount, IVersioned
{
    private StoredPaymentMethod() { }

    public StoredPaymentMethod(long connectionId, string processorId) =>
        (ConnectionId, ProcessorId, AsOf) = (connectionId, processorId, DateTimeOffset.MinValue);

    public long Id { get; private set; }
    public long ConnectionId { get; private set; }
    public string ProcessorId { get; private set; } = "";
    public CustomerId? CustomerId { get; set; }
    public string? AccountId { get; private set; }
    public string Kind { get; private set; } = "";
    public string? Brand { get; private set; }
    public string? LastFour { get; private set; }
    public int? ExpiryMonth { get; private set; }
    public int? ExpiryYear { get; private set; }

    /// <summary>Charged unless a subscription has a method of its own.</summary>
    public bool IsDefault { get; set; }
    public bool Removed { get; private set; }
    public DateTimeOffset AsOf { get; private set; }
    public Guid Version { get; set; }

    /// <summary>Takes in what a processor says; true when it is the default by it.</summary>
    public bool Tell(PaymentMethodRecord record)
    {
        AccountId ??= record.Customer?.Id;
        if (record.AsOf < AsOf)
        {
            return false;
        }

        (AsOf, Removed) = (record.AsOf, record.Removed);
        (Kind, Brand, LastFour) = (record.Method.Kind, record.Method.Brand, record.Method.LastFour);
        (ExpiryMonth, ExpiryYear) = (record.Method.ExpiryMonth, record.Method.ExpiryYear);
        IsDefault = !Removed && (record.Default ?? IsDefault);
        return IsDefault && record.Default == true;
    }
}
