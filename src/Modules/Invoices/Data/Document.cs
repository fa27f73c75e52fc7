using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Kernel;
using Portal.Kernel.Work;
using Portal.Processors;

namespace Portal.Invoices.Data;

/// <summary>What an invoice says, frozen at issue: nothing edited later changes it.</summary>
internal sealed record DocumentSnapshot
{
    public required string Number { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset SuppliedAt { get; init; }
    public required DateTimeOffset PaidAt { get; init; }
    public required string OrderNumber { get; init; }
    public required string PaidThrough { get; init; }

    /// <summary>The buyer's culture name at issue.</summary>
    public required string Language { get; init; }
    public required string Currency { get; init; }
    public required Party Seller { get; init; }
    public required Party Buyer { get; init; }
    public string? LegalNote { get; init; }
    public string? SupportEmail { get; init; }

    /// <summary>Decides the paper size.</summary>
    public string? SellerCountry { get; init; }
    public required IReadOnlyList<DocumentLine> Lines { get; init; }

    /// <summary>Tax included, in minor units.</summary>
    public required long Total { get; init; }

    /// <summary>Null when the processor does not say: the portal never invents tax.</summary>
    public long? Tax { get; init; }
}

internal sealed record Party
{
    public required string Name { get; init; }
    public IReadOnlyList<string> AddressLines { get; init; } = [];
    public string? TaxId { get; init; }
}

internal sealed record DocumentLine
{
    /// <summary>Null for the difference between the lines and the total, which the document names in its own language.</summary>
    public string? Name { get; init; }
    public required int Quantity { get; init; }

    /// <summary>Tax included, in minor units.</summary>
    public required long Total { get; init; }
    public long? Tax { get; init; }

    /// <summary>Percent.</summary>
    public decimal? TaxRate { get; init; }
    public DateTimeOffset? PeriodStart { get; init; }
    public DateTimeOffset? PeriodEnd { get; init; }
}

/// <summary>An issued invoice.</summary>
internal sealed class Document : IOwned, IListed
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private Document() { }

    public Document(long orderId, CustomerId? customerId, DocumentSnapshot snapshot, byte[] previousHash)
    {
        PublicId = Kernel.PublicId.New("inv");
        (OrderId, CustomerId, Number, ListedAt) = (orderId, customerId, snapshot.Number, snapshot.IssuedAt);
        Total = new Money(snapshot.Total, snapshot.Currency);
        Content = JsonSerializer.Serialize(snapshot, Json);
        PreviousHash = previousHash;
        Hash = HashOf(previousHash, Content);
    }

    public long Id { get; private set; }
    public string PublicId { get; private set; } = "";
    public long OrderId { get; private set; }
    public CustomerId? CustomerId { get; private set; }
    public string Number { get; private set; } = "";
    public Money Total { get; private set; }

    /// <summary>When it was issued.</summary>
    public DateTimeOffset ListedAt { get; private set; }

    /// <summary>The snapshot as JSON, byte for byte what was hashed.</summary>
    public string Content { get; private set; } = "";

    /// <summary>The hash of the document issued before it in its series.</summary>
    public byte[] PreviousHash { get; private set; } = [];
    public byte[] Hash { get; private set; } = [];

    /// <summary>The stored PDF's name; null until it is made.</summary>
    public string? PdfHash { get; private set; }

    /// <summary>When its content was let go: its buyer was erased and the law no longer keeps it. Number and hash stay, so the chain does.</summary>
    public DateTimeOffset? ErasedAt { get; private set; }

    public DocumentSnapshot Snapshot() => JsonSerializer.Deserialize<DocumentSnapshot>(Content, Json)!;

    /// <summary>Each document vouches for the one before it: a change anywhere breaks the chain from there on.</summary>
    public static byte[] HashOf(byte[] previous, string content) => SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(content)]);
}

/// <summary>A run of numbers without gaps.</summary>
internal sealed class Series
{
    private Series() { }

    public string Name { get; private set; } = "";
    public long LastNumber { get; set; }
    public byte[] LastHash { get; set; } = [];
}

/// <summary>The processor's own invoice for an order.</summary>
internal sealed class ProcessorInvoice : IVersioned
{
    private ProcessorInvoice() { }

    public ProcessorInvoice(long connectionId, InvoiceRecord record) =>
        (ConnectionId, ProcessorId, AsOf) = (connectionId, record.Id, DateTimeOffset.MinValue);

    public long Id { get; private set; }
    public long ConnectionId { get; private set; }
    public string ProcessorId { get; private set; } = "";
    public string? OrderProcessorId { get; private set; }
    public string? Number { get; private set; }
    public InvoiceState State { get; private set; }
    public DateTimeOffset AsOf { get; private set; }
    public Guid Version { get; set; }

    public void Tell(InvoiceRecord record)
    {
        OrderProcessorId ??= record.OrderId;
        Number = record.Number ?? Number;
        if (record.AsOf >= AsOf)
        {
            (State, AsOf) = (record.State, record.AsOf);
        }
    }
}

/// <summary>A PDF to be made.</summary>
internal sealed class PdfJob : WorkItem
{
    private PdfJob() { }

    public PdfJob(long documentId, DateTimeOffset now) => (DocumentId, DueAt) = (documentId, now);

    public long DocumentId { get; private set; }
}
