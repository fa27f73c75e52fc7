using Portal.Connections.Contract;
using Portal.Processors;

namespace Portal.Connections.ApplyRecords;

/// <summary>Processors go on telling of people the portal has erased. Here their names are taken out, before any module sees the record.</summary>
internal sealed class ErasedPeople(IEnumerable<IKnowErased> modules)
{
    /// <summary>The record as it may be stored; null when nothing of it may.</summary>
    public async Task<ProcessorRecord?> TakeOutAsync(long connectionId, ProcessorRecord record, CancellationToken ct)
    {
        foreach (var module in modules)
        {
            if (await module.IsErasedAsync(connectionId, record, ct))
            {
                return Nameless(record);
            }
        }

        return record;
    }

    private static ProcessorRecord? Nameless(ProcessorRecord record)
    {
        // The id alone: it finds the row that is left of her, and no other.
        var told = record with
        {
            Customer = record.Customer?.Id is { } id ? new CustomerReference { Id = id } : null,
        };
        return told switch
        {
            CustomerRecord customer => customer with { Email = null, Name = null, Address = null },
            OrderRecord order => order with { Billing = null },
            PaymentRecord payment => payment with { Method = Kind(payment.Method), PayAt = null },
            SubscriptionRecord subscription => subscription with { Method = Kind(subscription.Method), ManageAt = null },
            PaymentMethodRecord => null,
            _ => told,
        };
    }

    private static PaymentMethod? Kind(PaymentMethod? method) => method is null ? null : new PaymentMethod { Kind = method.Kind };
}
