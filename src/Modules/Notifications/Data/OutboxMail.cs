using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Kernel;
using Portal.Kernel.Work;

namespace Portal.Notifications.Data;

/// <summary>What a mail says.</summary>
internal sealed record MailBody(string Subject, string Text, string Html);

/// <summary>A mail on its way. Its text is encrypted: it may hold a link that signs somebody in.</summary>
internal sealed class OutboxMail : WorkItem
{
    private OutboxMail() { }

    public OutboxMail(string kind, string occasion, CustomerId? customerId, string to, byte[] protectedBody, DateTimeOffset now)
    {
        (PublicId, CustomerId) = (Kernel.PublicId.New("eml"), customerId);
        (Kind, Occasion, To, ProtectedBody, CreatedAt, DueAt) = (kind, occasion, to, protectedBody, now, now);
    }

    public string PublicId { get; private set; } = "";
    public string Kind { get; private set; } = "";

    /// <summary>Unique: one mail per thing that happened, however often it is told.</summary>
    public string Occasion { get; private set; } = "";

    /// <summary>Whom it is for; her address may have changed since.</summary>
    public CustomerId? CustomerId { get; private set; }
    public string To { get; private set; } = "";
    public byte[] ProtectedBody { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private set; }
}

/// <summary>Keeps mail bodies encrypted at rest.</summary>
internal sealed class MailSecrecy(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Portal.Notifications.Mail");

    public byte[] Seal(MailBody body) => protector.Protect(JsonSerializer.SerializeToUtf8Bytes(body));

    public MailBody Open(OutboxMail mail) => JsonSerializer.Deserialize<MailBody>(protector.Unprotect(mail.ProtectedBody))!;
}

internal sealed class NotificationsModel : IModelPart
{
    public void Build(ModelBuilder model) =>
        model.Entity<OutboxMail>(mail =>
        {
            mail.ToTable("notifications_outbox");
            mail.Property(m => m.PublicId).HasMaxLength(PublicId.MaxLength);
            mail.HasIndex(m => m.PublicId).IsUnique();
            mail.Property(m => m.Kind).HasMaxLength(40);
            mail.Property(m => m.Occasion).HasMaxLength(120);
            mail.HasIndex(m => m.Occasion).IsUnique();
            mail.Property(m => m.To).HasMaxLength(254);
            mail.HasIndex(m => m.CustomerId);
        });
}
