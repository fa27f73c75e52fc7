using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Connections.Contract;
using Portal.Customers.Contract;
using Portal.Invoices.Contract;
using Portal.Invoices.Data;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Processors;
using Portal.Store.Contract;

namespace Portal.Invoices.IssueInvoice;

/// <summary>Freezes a paid order into a numbered document: once per order, without a gap in the numbers.</summary>
internal sealed class IssueInvoice(
    PortalDb db,
    IStore store,
    ICustomers customers,
    IConnections connections,
    IPublish<InvoiceIssued> issued,
    TimeProvider clock
) : IHandle<OrderPaid>
{
    private const string FallbackLanguage = "en";

    /// <summary>What was back-filled has been invoiced elsewhere already; its document is made when the buyer asks for one.</summary>
    public Task HandleAsync(OrderPaid happened, CancellationToken ct) =>
        happened.Historic ? Task.CompletedTask : IssueAsync(happened.Order, announce: true, ct);

    /// <summary>The order's document, issued now if need be.</summary>
    /// <param name="order">A paid order.</param>
    /// <param name="announce">Whether the buyer is mailed about it.</param>
    /// <param name="ct">Ends the attempt.</param>
    public Task<Document> IssueAsync(OrderInfo order, bool announce, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                if (await FindAsync(order.Id, ct) is { } existing)
                {
                    return existing;
                }

                var seller = await store.GetAsync(ct);
                var now = clock.GetUtcNow();
                var series = await LockAsync($"{seller.NumberPrefix}-{now.Year}", ct);
                if (await FindAsync(order.Id, ct) is { } meanwhile)
                {
                    // Pressed twice: the other one held the lock.
                    return meanwhile;
                }

                series.LastNumber++;
                var customer = order.CustomerId is { } id ? await customers.FindAsync(id, ct) : null;
                using var _ = new InCulture(customer?.Language ?? FallbackLanguage);
                var connection = (await connections.ListAsync(ct)).Single(c => c.Id == order.ConnectionId);
                var number = string.Create(CultureInfo.InvariantCulture, $"{series.Name}-{series.LastNumber:000000}");
                var document = new Document(
                    order.Id,
                    order.CustomerId,
                    Freeze(order, number, seller, customer, connection.Processor, now),
                    series.LastHash
                );
                series.LastHash = document.Hash;
                db.Add(document);
                await db.SaveChangesAsync(ct);
                db.Add(new PdfJob(document.Id, now));
                await db.SaveChangesAsync(ct);
                if (announce)
                {
                    var language = document.Snapshot().Language;
                    await issued.PublishAsync(
                        new InvoiceIssued(document.PublicId, number, order.PublicId, order.Number, order.CustomerId, order.Total, language),
                        ct
                    );
                }

                return document;
            },
            ct
        );

    private Task<Document?> FindAsync(long orderId, CancellationToken ct) =>
        db.AllOwners<Document>().SingleOrDefaultAsync(d => d.OrderId == orderId, ct);

    /// <summary>The series, begun if need be; the row stays locked until the transaction ends, so that numbers follow commits.</summary>
    private async Task<Series> LockAsync(string name, CancellationToken ct)
    {
        // Two first documents at once: the second waits for the first one's row instead of failing over it.
        byte[] none = [];
        await db.Database.ExecuteSqlAsync(
            $"""insert into invoices_series ("Name", "LastNumber", "LastHash") values ({name}, 0, {none}) on conflict do nothing""",
            ct
        );
        await db.Set<Series>().Where(s => s.Name == name).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastNumber, s => s.LastNumber), ct);
        var series = await db.Set<Series>().SingleAsync(s => s.Name == name, ct);
        await db.Entry(series).ReloadAsync(ct);
        return series;
    }

    private static DocumentSnapshot Freeze(
        OrderInfo order,
        string number,
        StoreInfo seller,
        CustomerInfo? customer,
        string processor,
        DateTimeOffset now
    ) =>
        new()
        {
            Number = number,
            IssuedAt = now,
            SuppliedAt = order.PaidAt ?? order.PlacedAt,
            PaidAt = order.PaidAt ?? order.PlacedAt,
            OrderNumber = order.Number,
            PaidThrough = processor,
            Language = customer?.Language ?? FallbackLanguage,
            Currency = order.Total.Currency,
            Seller = new Party
            {
                Name = seller.LegalName,
                AddressLines = seller.AddressLines,
                TaxId = seller.TaxId,
            },
            Buyer = Buyer(order.Billing, customer),
            LegalNote = seller.LegalNote,
            SupportEmail = seller.SupportEmail,
            SellerCountry = seller.Country,
            Lines = [.. Lines(order)],
            Total = order.Total.MinorUnits,
            Tax = order.Tax?.MinorUnits,
        };

    private static IEnumerable<DocumentLine> Lines(OrderInfo order)
    {
        foreach (var line in order.Lines)
        {
            yield return new DocumentLine
            {
                Name = line.Name,
                Quantity = line.Quantity,
                Total = line.Total.MinorUnits,
                Tax = line.Tax?.MinorUnits,
                TaxRate = line.TaxRate,
                PeriodStart = line.PeriodStart,
                PeriodEnd = line.PeriodEnd,
            };
        }

        var rest = order.Total.MinorUnits - order.Lines.Sum(l => l.Total.MinorUnits);
        if (rest != 0)
        {
            yield return new DocumentLine { Quantity = 1, Total = rest };
        }
    }

    private static Party Buyer(BillingDetail billing, CustomerInfo? customer)
    {
        var address = billing.Address ?? customer?.Address;
        var person = billing.Name ?? customer?.Name;
        string?[] lines =
        [
            billing.BusinessName is null ? null : person,
            address?.Line1,
            address?.Line2,
            $"{address?.PostalCode} {address?.City}".Trim(),
            address?.State,
            address?.Country is { } country ? Formats.ToCountry(country) : null,
        ];
        return new Party
        {
            Name = billing.BusinessName ?? person ?? customer?.Email ?? "",
            AddressLines = [.. lines.OfType<string>().Where(l => l.Length > 0)],
            TaxId = billing.TaxId,
        };
    }
}
