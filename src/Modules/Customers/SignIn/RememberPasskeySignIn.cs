using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Customers.Data;
using Portal.Kernel;

namespace Portal.Customers.SignIn;

/// <summary>However a customer came in, she was here.</summary>
internal sealed class RememberPasskeySignIn(PortalDb db, TimeProvider clock) : IHandle<SignedInWithPasskey>
{
    public Task HandleAsync(SignedInWithPasskey happened, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return happened.Audience == Audience.Buyer
            ? db.Set<Customer>().Where(c => c.RowId == happened.Subject).ExecuteUpdateAsync(set => set.SetProperty(c => c.LastSignInAt, now), ct)
            : Task.CompletedTask;
    }
}
