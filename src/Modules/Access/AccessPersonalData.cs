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
                .Of<ActivityLine>(db, "activity", texts["DataActivity"])
                .Naming(nameof(ActivityLine.ListedAt), "at")
                .With("in_words", line => kinds.Say(line.Kind, line.Filling))
                .Delete(),
        ]);

    public IReadOnlyList<PersonalLine> Besides => [new(texts["DataAudit"], null, Fate.Kept, texts["WhyAudit"], null)];
}
