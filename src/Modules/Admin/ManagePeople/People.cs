using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Access.Contract;
using Portal.Admin.ChoosePassword;
using Portal.Admin.Contract;
using Portal.Admin.Data;
using Portal.Admin.ProveSecondFactor;
using Portal.Admin.SecureAccount;
using Portal.Admin.SetUpSecondFactor;
using Portal.Kernel;

namespace Portal.Admin.ManagePeople;

/// <summary>How a change of somebody's account ended.</summary>
internal enum PersonVerdict
{
    Done,
    NotThere,

    /// <summary>Nobody changes her own role or shuts herself out.</summary>
    Yourself,

    /// <summary>Nobody would be left to change anything.</summary>
    LastOwner,
}

/// <summary>What owners do to the accounts of others.</summary>
internal sealed class People(
    PortalDb db,
    MerchantBook merchants,
    MerchantLinks links,
    SecondFactors factors,
    IPasskeys passkeys,
    SignInSteps steps,
    ISessions sessions,
    IPublish<MerchantInvited> invited,
    SecurityNews news,
    IActivityLog log,
    Actor actor,
    TimeProvider clock
)
{
    /// <summary>Makes the account and mails the link with which she chooses her password.</summary>
    /// <returns>What is wrong with the address; null when she is invited.</returns>
    public Task<string?> InviteAsync(string email, MerchantRole role, CancellationToken ct)
    {
        var person = new Merchant(email, role, CultureInfo.CurrentUICulture.Name, clock.GetUtcNow());
        return merchants.AddAsync(person, AdminActivity.Invited(role), () => MailLinkAsync(person, ct), ct);
    }

    public Task<PersonVerdict> InviteAgainAsync(string id, CancellationToken ct) =>
        ChangeAsync(
            id,
            async person =>
            {
                if (person is { IsInvited: true, DisabledAt: null })
                {
                    await log.RecordAsync(AdminActivity.InvitationRepeated, null, [person.Email], ct);
                    await MailLinkAsync(person, ct);
                }

                return PersonVerdict.Done;
            },
            ct
        );

    public Task<PersonVerdict> ChangeRoleAsync(string id, MerchantRole role, CancellationToken ct) =>
        ChangeAsync(
            id,
            async person =>
            {
                if (person.Role == role)
                {
                    return PersonVerdict.Done;
                }

                if (role != MerchantRole.Owner && await IsLastOwnerAsync(person, ct))
                {
                    return PersonVerdict.LastOwner;
                }

                person.Role = role;
                await log.RecordAsync(AdminActivity.RoleChanged(role), null, [person.Email], ct);
                return PersonVerdict.Done;
            },
            ct
        );

    public Task<PersonVerdict> DisableAsync(string id, CancellationToken ct) =>
        ChangeAsync(
            id,
            async person =>
            {
                if (person.DisabledAt is not null)
                {
                    return PersonVerdict.Done;
                }

                if (await IsLastOwnerAsync(person, ct))
                {
                    return PersonVerdict.LastOwner;
                }

                person.DisabledAt = clock.GetUtcNow();
                await EndEverythingAsync(person, ct);
                await log.RecordAsync(AdminActivity.Disabled, null, [person.Email], ct);
                return PersonVerdict.Done;
            },
            ct
        );

    public Task<PersonVerdict> EnableAsync(string id, CancellationToken ct) =>
        ChangeAsync(
            id,
            async person =>
            {
                if (person.DisabledAt is not null)
                {
                    person.DisabledAt = null;
                    await log.RecordAsync(AdminActivity.Enabled, null, [person.Email], ct);
                }

                return PersonVerdict.Done;
            },
            ct
        );

    /// <summary>For who lost her phone and her recovery codes. Her password alone lets her in then, and only to set up another.</summary>
    public Task<PersonVerdict> ResetSecondFactorAsync(string id, CancellationToken ct) =>
        ChangeAsync(
            id,
            async person =>
            {
                await factors.TurnOffAsync(person.Id, ct);
                await passkeys.ForgetAllAsync(Audience.Merchant, person.Id, ct);
                person.SecondFactorDueAt = clock.GetUtcNow();
                await EndEverythingAsync(person, ct);
                await news.TellAsync(person, MerchantChange.FactorReset, AdminActivity.FactorReset, ct, person.Email);
                return PersonVerdict.Done;
            },
            ct
        );

    private Task<PersonVerdict> ChangeAsync(string id, Func<Merchant, Task<PersonVerdict>> change, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                // Locks all owners: of two who take each other's role, the second waits here and then finds herself the last.
                await db.Set<Merchant>()
                    .Where(m => m.Role == MerchantRole.Owner)
                    .ExecuteUpdateAsync(set => set.SetProperty(m => m.Role, MerchantRole.Owner), ct);
                if (await db.Set<Merchant>().SingleOrDefaultAsync(m => m.PublicId == id, ct) is not { } person)
                {
                    return PersonVerdict.NotThere;
                }

                if (person.Id == actor.Subject)
                {
                    return PersonVerdict.Yourself;
                }

                var verdict = await change(person);
                await db.SaveChangesAsync(ct);
                return verdict;
            },
            ct
        );

    private async Task<bool> IsLastOwnerAsync(Merchant person, CancellationToken ct) =>
        !await db.Set<Merchant>()
            .AnyAsync(m => m.Id != person.Id && m.Role == MerchantRole.Owner && m.DisabledAt == null && m.PasswordHash != "", ct);

    private async Task EndEverythingAsync(Merchant person, CancellationToken ct)
    {
        await sessions.EndAllAsync(Audience.Merchant, person.Id, ct);
        await steps.VoidAsync(person.Id, ct);
        await links.VoidAsync(person.Id, ct);
    }

    private async Task MailLinkAsync(Merchant person, CancellationToken ct)
    {
        var (token, expiresAt) = await links.MakeAsync(person.Id, LinkPurpose.Invitation, ct);
        await invited.PublishAsync(new MerchantInvited(person.Email, actor.Name!, token, expiresAt, person.Language), ct);
    }
}
