using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Connections.Contract;
using Portal.Invoices.Contract;
using Portal.Invoices.Data;
using Portal.Invoices.IssueInvoice;
using Portal.Invoices.RecordInvoice;
using Portal.Invoices.RenderPdf;
using Portal.Kernel;
using Portal.Orders.Contract;
using Portal.Processors;

namespace Portal.Invoices;

/// <summary>The portal's own documents, and the processors' beside them.</summary>
public sealed class InvoicesModule(IConfiguration configuration) : Module
{
    /// <inheritdoc />
    protected override void Load(ContainerBuilder builder)
    {
        builder.AddModel<InvoicesModel>();
        builder.RegisterType<ChromiumPdf>().As<IRenderPdf>().SingleInstance();
        builder.RegisterType<DocumentPdf>().InstancePerLifetimeScope();
        builder.AddWorker<PdfJob, DocumentPdf>();
        builder.RegisterType<IssueInvoice.IssueInvoice>().InstancePerLifetimeScope();
        builder.AddHandler<OrderPaid, IssueInvoice.IssueInvoice>();
        builder.RegisterType<InvoiceBook>().As<IInvoices>().InstancePerLifetimeScope();
        builder.RegisterType<RecordInvoice.RecordInvoice>().As<IApplyRecords<InvoiceRecord>>().InstancePerLifetimeScope();
        builder.AddPersonalData<InvoicesPersonalData>();
        builder.AddPart(PageSlots.OverviewCard, 20, "NewestInvoice");
        builder.AddPart(PageSlots.Order, 10, "OrderDocuments");

        var services = new ServiceCollection();
        services.AddOptionsWithValidateOnStart<PdfOptions>().Bind(configuration.GetSection(PdfOptions.Section));
        builder.Populate(services);
    }
}
