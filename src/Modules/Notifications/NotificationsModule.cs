using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access.Contract;
using Portal.Admin.Contract;
using Portal.Customers.Contract;
using Portal.Invoices.Contract;
using Portal.Kernel;
using Portal.Notifications.Contract;
using Portal.Notifications.Data;
using Portal.Notifications.Mails;
using Portal.Notifications.SendMail;
using Portal.Orders.Contract;
using Portal.Subscriptions.Contract;

namespace Portal.Notifications;

/// <summary>Every mail: written with what it tells about, sent from the outbox.</summary>
public sealed class NotificationsModule(IConfiguration configuration) : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.AddModel<NotificationsModel>();
        builder.RegisterType<MailSecrecy>().SingleInstance();
        builder.RegisterType<MailDoor>().SingleInstance();
        builder.RegisterType<MailWriter>().InstancePerLifetimeScope();
        builder.RegisterType<SubscriptionMail>().InstancePerLifetimeScope();
        builder.RegisterType<OutboxBook>().As<IOutbox>().InstancePerLifetimeScope();
        builder.AddWorker<OutboxMail, WorkOutbox>();
        builder.AddActivities(NotificationsActivity.All);
        builder.AddPart(PageSlots.Dashboard, 30, "UnsentMails");

        builder.AddHandler<SignInLinkMade, SignInMail>();
        builder.AddHandler<PasskeyAdded, PasskeyAddedMail>();
        builder.AddHandler<PasskeyRemoved, PasskeyRemovedMail>();
        builder.AddHandler<MailedLinkMade, LinkMail>();
        builder.AddHandler<CustomerEmailAdded, EmailAddedMail>();
        builder.AddHandler<MerchantInvited, MerchantInvitedMail>();
        builder.AddHandler<MerchantPasswordForgotten, MerchantPasswordMail>();
        builder.AddHandler<MerchantSecurityChanged, MerchantSecurityMail>();
        builder.AddHandler<InvoiceIssued, OrderConfirmationMail>();
        builder.AddHandler<PaymentFailed, PaymentFailedMail>();
        builder.AddHandler<CancellationScheduled, CancellationScheduledMail>();
        builder.AddHandler<CancellationTakenBack, CancellationTakenBackMail>();
        builder.AddHandler<SubscriptionEnded, SubscriptionEndedMail>();
        builder.AddHandler<RenewalComesUp, RenewalMail>();
        builder.AddHandler<DataExportReady, DataExportMail>();
        builder.AddHandler<ErasureMoved, ErasureMail>();
        builder.AddPersonalData<NotificationsPersonalData>();

        builder.AddHandler<AlertRaised, AlertMail>();

        var services = new ServiceCollection();
        services
            .AddOptionsWithValidateOnStart<MailOptions>()
            .Bind(configuration.GetSection("Mail"))
            .Validate(o => System.Net.Mail.MailAddress.TryCreate(o.From, out _), "The setting Mail:From must be an e-mail address.")
            .Validate(o => o.Port is > 0 and <= 65535, "The setting Mail:Port must be a port number.");
        builder.Populate(services);
    }
}
