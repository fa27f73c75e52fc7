using Microsoft.Extensions.Localization;
using Portal.Orders.Data;

namespace Portal.Orders;

/// <summary>How orders and payments are put in words.</summary>
internal static class OrderWords
{
    /// <summary>"Field Guide to Light and 2 more".</summary>
    public static string Title(Order order, IStringLocalizer<Texts> texts) =>
        order.Lines.Count switch
        {
            0 => texts["OrderNumber", order.Number],
            1 => order.Lines[0].Name,
            _ => texts["FirstAndMore", order.Lines[0].Name, order.Lines.Count - 1],
        };

    /// <summary>"Visa ending in 4242".</summary>
    public static string Method(Payment payment, IStringLocalizer<Texts> texts)
    {
        var name =
            payment.MethodBrand
            ?? payment.MethodKind switch
            {
                null => texts["MethodUnknown"].Value,
                "card" => texts["MethodCard"].Value,
                "sepa_debit" or "bank_debit" => texts["MethodDebit"].Value,
                "bank_transfer" => texts["MethodTransfer"].Value,
                "wallet" => texts["MethodWallet"].Value,
                "paypal" => "PayPal",
                var other => other,
            };
        return payment.MethodLastFour is { } four ? texts["MethodEnding", name, four] : name;
    }

    /// <summary>Why a payment failed, in plain words.</summary>
    public static string Failure(string? code, IStringLocalizer<Texts> texts) =>
        code switch
        {
            "insufficient_funds" => texts["FailureFunds"],
            "expired_card" or "card_expired" => texts["FailureExpired"],
            "incorrect_cvc" or "invalid_cvc" or "incorrect_number" => texts["FailureDetails"],
            "authentication_required" or "payment_intent_authentication_failure" => texts["FailureAuthentication"],
            "lost_card" or "stolen_card" => texts["FailureBlocked"],
            _ => texts["FailureDeclined"],
        };
}
