using Microsoft.Extensions.Localization;
using Portal.Connections.ReceiveWebhook;
using Portal.Kernel;
using Portal.Kernel.Personal;

namespace Portal.Connections;

/// <summary>Webhooks as they came in: bytes in each processor's own form, nobody's in particular until they are read.</summary>
internal sealed class ConnectionsPersonalData(TimeProvider clock, IStringLocalizer<Texts> texts) : IKeepPersonalData
{
    public Task<IReadOnlyList<PersonalTable>> TablesAsync(CustomerId person, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<PersonalTable>>([]);

    public IReadOnlyList<PersonalLine> Besides =>
        [new(texts["DataDeliveries"], null, Fate.Kept, texts["WhyDeliveries"], clock.GetUtcNow() + ForgetOldBodies.After)];
}
