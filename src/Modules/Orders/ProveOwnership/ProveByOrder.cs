using Microsoft.EntityFrameworkCore;
using Portal.Customers.Contract;
using Portal.Kernel;
using Portal.Orders.Data;

namespace Portal.Orders.ProveOwnership;

/// <summary>
/// An order's number together with what its processor calls the order or one of its payments: on a receipt or a bank statement,
/// known to whoever paid.
/// </summary>
internal sealed class ProveByOrder(PortalDb db) : IProveOwnership
{
    public async Task<CustomerId?> FindAsync(string number, string reference, CancellationToken ct)
    {
        var typed = string.Concat(reference.Where(c => !char.IsWhiteSpace(c)));

        // Found by index. Statements print such ids in capitals, people type small letters; mixed ones must be copied as they are.
        string[] spellings = [typed, typed.ToUpperInvariant(), typed.ToLowerInvariant()];
        var paid = await db.AllOwners<Payment>()
            .Where(p => p.OrderId != null && spellings.Contains(p.ProcessorId))
            .Select(p => p.OrderId!.Value)
            .ToListAsync(ct);
        var orders = await db.AllOwners<Order>().AsNoTracking().Where(o => spellings.Contains(o.ProcessorId) || paid.Contains(o.Id)).ToListAsync(ct);
        var owners = orders.Where(o => Fold(o.Number) == Fold(number)).Select(o => o.CustomerId).Distinct().ToList();
        return owners is [{ } owner] ? owner : null;
    }

    /// <summary>Without blanks, case and the sign many shops print before the number.</summary>
    private static string Fold(string number) => string.Concat(number.Where(c => !char.IsWhiteSpace(c))).TrimStart('#').ToUpperInvariant();
}
