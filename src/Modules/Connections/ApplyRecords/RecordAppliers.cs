using Portal.Connections.Contract;
using Portal.Processors;

namespace Portal.Connections.ApplyRecords;

/// <summary>Takes each kind of record to the modules that keep it.</summary>
internal sealed class RecordAppliers(
    IEnumerable<IApplyRecords<CustomerRecord>> customers,
    IEnumerable<IApplyRecords<OrderRecord>> orders,
    IEnumerable<IApplyRecords<PaymentRecord>> payments,
    IEnumerable<IApplyRecords<RefundRecord>> refunds,
    IEnumerable<IApplyRecords<DisputeRecord>> disputes,
    IEnumerable<IApplyRecords<SubscriptionRecord>> subscriptions,
    IEnumerable<IApplyRecords<InvoiceRecord>> invoices,
    IEnumerable<IApplyRecords<PaymentMethodRecord>> paymentMethods
)
{
    public Task<Application> ApplyAsync(ProcessorRecord record, RecordSource source, CancellationToken ct) =>
        record switch
        {
            CustomerRecord customer => EachAsync(customers, customer, source, ct),
            OrderRecord order => EachAsync(orders, order, source, ct),
            PaymentRecord payment => EachAsync(payments, payment, source, ct),
            RefundRecord refund => EachAsync(refunds, refund, source, ct),
            DisputeRecord dispute => EachAsync(disputes, dispute, source, ct),
            SubscriptionRecord subscription => EachAsync(subscriptions, subscription, source, ct),
            InvoiceRecord invoice => EachAsync(invoices, invoice, source, ct),
            PaymentMethodRecord method => EachAsync(paymentMethods, method, source, ct),
            _ => throw new FormatException($"{record.GetType().Name} is a kind of record this portal does not know."),
        };

    public static RecordKind KindOf(ProcessorRecord record) =>
        record switch
        {
            CustomerRecord => RecordKind.Customer,
            OrderRecord => RecordKind.Order,
            PaymentRecord => RecordKind.Payment,
            RefundRecord => RecordKind.Refund,
            DisputeRecord => RecordKind.Dispute,
            SubscriptionRecord => RecordKind.Subscription,
            InvoiceRecord => RecordKind.Invoice,
            _ => RecordKind.PaymentMethod,
        };

    private static async Task<Application> EachAsync<TRecord>(
        IEnumerable<IApplyRecords<TRecord>> appliers,
        TRecord record,
        RecordSource source,
        CancellationToken ct
    )
        where TRecord : ProcessorRecord
    {
        foreach (var applier in appliers)
        {
            if (await applier.ApplyAsync(record, source, ct) is Application.Waiting waiting)
            {
                return waiting;
            }
        }

        return Application.Done;
    }
}
