using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Kernel;
using Portal.Kernel.Personal;

namespace Portal.HouseTests.Violations;

// What the rules must report, each beside what they must let pass.

public sealed class PublicOutsideContract;

internal sealed class UnownedReceipt
{
    public CustomerId CustomerId { get; init; }
}

internal sealed class OwnedReceipt : IOwned
{
    public CustomerId? CustomerId { get; init; }
}

internal sealed class ForNobodyController : ControllerBase;

[ForBuyers]
[ForEverybody]
internal sealed class ForTwoController : ControllerBase;

[ForBuyers]
internal sealed class ForOneController : ControllerBase;

internal static class SeesEverything
{
    public static async Task<int> CountAsync(PortalDb db)
    {
        await Task.Yield();
        return await db.AllOwners<OwnedReceipt>().CountAsync();
    }
}

[ForMerchants]
internal sealed class RolesController(IActivityLog log) : ControllerBase
{
    private static readonly ActivityKind Done = new("done", typeof(RolesController), "Done");

    [HttpPost("neither")]
    public Task<int> Neither() => Task.FromResult(1);

    [HttpPost("both")]
    [OwnersOnly]
    [SupportMay]
    public async Task<string> Both()
    {
        await Task.Yield();
        return Done.Id;
    }

    [HttpPost("good")]
    [SupportMay]
    public async Task Good()
    {
        await Task.Yield();
        await DoAsync();
    }

    [HttpGet("looking")]
    public int Looking() => 1;

    private async Task DoAsync()
    {
        await Task.Yield();
        await log.RecordAsync(Done, null, [], CancellationToken.None);
    }
}

internal sealed class ForgottenVisit
{
    public long Subject { get; init; }
}

internal sealed class NobodysRow
{
    public long Id { get; init; }
}

internal sealed class KeepsReceipts(PortalDb db) : IKeepPersonalData
{
    public async Task<IReadOnlyList<PersonalTable>> TablesAsync(CustomerId person, CancellationToken ct)
    {
        await Task.Yield();
        return [PersonalTable.Of<OwnedReceipt>(db, "receipts", "Receipts").Delete()];
    }
}
