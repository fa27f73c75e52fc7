using Microsoft.Extensions.Localization;
using Portal.Access.Data;
using Portal.Access.KeepActivity;
using Portal.Kernel;
using Portal.Kernel.Personal;

namespace Portal.Access;

/// <summary>Where she was signed in, and what happened to her account.</summary>
internal sealed class AccessPersonalData(PortalDb db, ActivityKinds kinds, IStringLocalizer<Texts> texts) : IKeepPersonalData
{
    public Task<IReadOnlyList<PersonalTable>> TablesAsync(CustomerId person, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<PersonalTable>>([
            PersonalTable
                .Of(db, "sessions", texts["DataSessions"], db.Set<Session>().Where(s => s.Audience == Audience.Buyer && s.Subject == person.Value))
                .Without(nameof(Session.Audience), nameof(Session.Subject))
                .Delete(),
            PersonalTable
                .Of(db, "passkeys", texts["DataPasskeys"], db.Set<Passkey>().Where(p => Holders(person).Any(h => h.Id == p.HolderId)))
                .Delete(),
            PersonalTable.Of(db, "passkey-holder", texts["DataPasskeyHolder"], Holders(person)).Without(nameof(PasskeyHolder.Audience)).Delete(),
            PersonalTable
                .Of(
                    db,
                    "passkey-challenges",
                    texts["DataPasskeyChallenges"],
                    db.Set<PasskeyChallenge>().Where(c => c.Audience == Audience.Buyer && c.Subject == person.Value)
                )
                .Without(nameof(PasskeyChallenge.State))
                .Delete(),
            PersonalTable
                .Of(
                    db,
                    "kept-forms",
                    texts["DataKeptForms"],
                    db.Set<KeptForm>().Where(f => f.Audience == Audience.Buyer && f.Subject == person.Value)
                )
                .Delete(),
            PersonalTable
                .Of<ActivityLine>(db, "activity", texts["DataActivity"])
                .Naming(nameof(ActivityLine.ListedAt), "at")
                .With("in_words", line => kinds.Say(line.Kind, line.Filling))
                .Delete(),
        ]);

    private IQueryable<PasskeyHolder> Holders(CustomerId person) =>
        db.Set<PasskeyHolder>().Where(h => h.Audience == Audience.Buyer && h.Subject == person.Value);

    public IReadOnlyList<PersonalLine> Besides => [new(texts["DataAudit"], null, Fate.Kept, texts["WhyAudit"], null)];
}
