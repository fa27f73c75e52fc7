using Microsoft.Extensions.Localization;
using Portal.Invoices.Contract;
using Portal.Kernel;
using Portal.Notifications.SendMail;
using Portal.Orders.Contract;

namespace Portal.Notifications.Mails;

/// <summary>Thanks for an order, with the way to its invoice.</summary>
internal sealed class OrderConfirmationMail(MailWriter mail, IStringLocalizer<Texts> texts) : IHandle<InvoiceIssued>
{
    public Task HandleAsync(InvoiceIssued happened, CancellationToken ct) =>
        mail.WriteAsync(
            "order-confirmation",
            happened.OrderPublicId,
            happened.CustomerId,
            happened.Language,
            _ => new MailContent
            {
                Subject = texts["OrderSubject", happened.OrderNumber],
                Paragraphs = [texts["OrderText", happened.Total.ToText(), happened.OrderNumber], texts["OrderInvoice", happened.Number]],
                ButtonText = texts["OrderButton"],
                ButtonPath = "/invoices/" + happened.PublicId,
            },
            ct
        );
}

/// <summary>A charge failed, with the page that mends it.</summary>
internal sealed class PaymentFailedMail(MailWriter mail, IStringLocalizer<Texts> texts) : IHandle<PaymentFailed>
{
    public Task HandleAsync(PaymentFailed happened, CancellationToken ct) =>
        happened.Historic
            ? Task.CompletedTask
            : mail.WriteAsync(
                "payment-failed",
                happened.PaymentId,
                happened.CustomerId,
                null,
                _ => new MailContent
                {
                    Subject = texts["FailedSubject"],
                    Paragraphs =
                    [
                        happened.Name is { } name
                            ? texts["FailedTextFor", happened.Amount.ToText(), name]
                            : texts["FailedText", happened.Amount.ToText()],
                    ],
                    ButtonText = texts["FailedButton"],
                    ButtonPath = "/payments/" + happened.PaymentId,
                },
                ct
            );
}
