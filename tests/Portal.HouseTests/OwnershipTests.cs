using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Portal.HouseTests.Violations;
using Portal.Kernel;

namespace Portal.HouseTests;

/// <summary>A buyer sees her own rows because nobody can forget to say so.</summary>
public sealed class OwnershipTests
{
    /// <summary>Rows that name a customer without being shown to her; each with why the owner filter would be wrong.</summary>
    private static readonly Dictionary<string, string> Unowned = new()
    {
        ["Portal.Customers.Data.SignInLink"] = "read by its token, before anybody is signed in",
        ["Portal.Customers.Data.MailedLink"] = "read by its token; the mail's reader need not be signed in",
        ["Portal.Customers.Data.AddressChange"] = "a merchant's wish, worked in the background and closed when its customer is merged",
        ["Portal.Notifications.Data.OutboxMail"] = "sent by a worker; a page of hers never shows it",
    };

    /// <summary>Who may look at all customers' rows; each with why.</summary>
    private static readonly Dictionary<string, string> SeesAllOwners = new()
    {
        ["Portal.Kernel.Work.Worker`1"] = "workers serve everybody",
        ["Portal.Access.KeepActivity.CustomerActivityViewComponent"] = "a merchant's page",
        ["Portal.Customers.RecordCustomer.RecordCustomer"] = "applies what processors tell",
        ["Portal.Customers.RecordCustomer.ErasedAccounts"] = "asked while records are applied",
        ["Portal.Customers.TellProcessors.TellProcessors"] = "finds which processors know her",
        ["Portal.Customers.TellProcessors.WorkCustomerUpdate"] = "a worker",
        ["Portal.Customers.TellProcessors.UntoldChangesViewComponent"] = "a merchant's page",
        ["Portal.Customers.RecordCustomer.CustomerBook"] = "finds whose a record is",
        ["Portal.Customers.ManageEmails.EmailBook"] = "finds whose an address is, whoever asks",
        ["Portal.Customers.MergeCustomers.CustomerMerges"] = "moves rows from one customer to another",
        ["Portal.Customers.ListCustomers.CustomerSearch"] = "a merchant's page",
        ["Portal.Customers.ShowCustomer.ShowCustomerController"] = "a merchant's page",
        ["Portal.Customers.SplitCustomer.SplitCustomerController"] = "a merchant's page",
        ["Portal.Customers.UseMailedLink.UseMailedLinkController"] = "the link in the mail says who; nobody is signed in yet",
        ["Portal.Orders.FindCustomers.OrdersOfCustomers"] = "a merchant's search",
        ["Portal.Orders.FindCustomers.CustomerOrdersViewComponent"] = "a merchant's page",
        ["Portal.Subscriptions.ListSubscriptions.CustomerSubscriptionsViewComponent"] = "a merchant's page",
        ["Portal.Customers.MyData.ForgetOldExports"] = "a worker",
        ["Portal.Customers.ManageErasures.ManageErasuresController"] = "a merchant's page",
        ["Portal.Customers.ManageErasures.WaitingErasuresViewComponent"] = "a merchant's page",
        ["Portal.Customers.ManageErasures.WorkErasure"] = "a worker",
        ["Portal.Orders.ErasedOrders"] = "asked while records are applied",
        ["Portal.Subscriptions.ErasedSubscriptions"] = "asked while records are applied",
        ["Portal.Orders.RecordOrder.RecordOrder"] = "applies what processors tell",
        ["Portal.Orders.ProveOwnership.ProveByOrder"] = "finds whose a purchase is before anybody is signed in; shows nothing of it",
        ["Portal.Orders.RecordPayment.RecordPayment"] = "applies what processors tell",
        ["Portal.Orders.ShowOrder.OrderBook"] = "other modules ask it by row number while they work, never for a page",
        ["Portal.Subscriptions.RecordSubscription.RecordSubscription"] = "applies what processors tell",
        ["Portal.Subscriptions.RecordPaymentMethod.RecordPaymentMethod"] = "takes in what a processor says",
        ["Portal.Subscriptions.SettleActions.StuckActionsController"] = "a merchant's page",
        ["Portal.Subscriptions.SettleActions.StuckActionsViewComponent"] = "a merchant's page",
        ["Portal.Subscriptions.SettleActions.SettleAction"] = "a worker",
        ["Portal.Subscriptions.RemindOfRenewals.RemindOfRenewals"] = "a worker",
        ["Portal.Subscriptions.RefreshSubscriptions.RefreshDueSubscriptions"] = "a worker",
        ["Portal.Invoices.IssueInvoice.IssueInvoice"] = "a worker: freezes paid orders",
        ["Portal.Invoices.IssueInvoice.InvoiceBook"] = "merchants' commands go over all invoices",
        ["Portal.Invoices.RenderPdf.DocumentPdf"] = "a worker: makes the files",
    };

    [Test]
    public void Every_row_with_a_customer_is_owned() => Unfiltered(House.Entities).Should().BeEquivalentTo(Unowned.Keys);

    [Test]
    public void Every_controller_says_whom_it_is_for() => WithoutAudience(House.Types).Should().BeEmpty();

    [Test]
    public void All_owners_rows_are_seen_by_those_listed_here_only() => CallersOfAllOwners(House.Types).Should().BeSubsetOf(SeesAllOwners.Keys);

    [Test]
    public void Nobody_is_listed_in_vain() =>
        SeesAllOwners
            .Keys.Where(name => House.Assemblies.Any(a => name.StartsWith(a.GetName().Name + ".", StringComparison.Ordinal)))
            .Should()
            .BeSubsetOf(CallersOfAllOwners(House.Types));

    [Test]
    public void The_entities_are_found() => House.Entities.Select(e => e.Name).Should().Contain(["Customer", "ConnectedAccount"]);

    [Test]
    public void Violations_are_reported()
    {
        Unfiltered([typeof(UnownedReceipt), typeof(OwnedReceipt)]).Should().Equal("Portal.HouseTests.Violations.UnownedReceipt");
        WithoutAudience([typeof(ForNobodyController), typeof(ForTwoController), typeof(ForOneController)])
            .Should()
            .Equal("Portal.HouseTests.Violations.ForNobodyController", "Portal.HouseTests.Violations.ForTwoController");
        CallersOfAllOwners(Code.WithNested(typeof(SeesEverything))).Should().Equal("Portal.HouseTests.Violations.SeesEverything");
    }

    private static IEnumerable<string> Unfiltered(IEnumerable<Type> entities) =>
        entities.Where(e => e.GetProperty(nameof(IOwned.CustomerId)) is not null && !e.IsAssignableTo(typeof(IOwned))).Select(e => e.FullName!);

    private static IEnumerable<string> WithoutAudience(IEnumerable<Type> types) =>
        types
            .Where(t => t.IsAssignableTo(typeof(ControllerBase)) && !t.IsAbstract)
            .Where(t => t.GetCustomAttributes(inherit: true).OfType<IForAudience>().Count() != 1)
            .Select(t => t.FullName!);

    private static IEnumerable<string> CallersOfAllOwners(IEnumerable<Type> types) =>
        types.Where(t => Code.Methods(t).SelectMany(Code.Calls).Any(c => IsAllOwners(c.Method))).Select(t => Code.Written(t).FullName!).Distinct();

    /// <summary>By name: the one for workers is internal to the kernel.</summary>
    private static bool IsAllOwners(MethodBase method) =>
        method.Name is nameof(PortalDb.AllOwners) or "IgnoreOwner" && method.DeclaringType?.Assembly == typeof(PortalDb).Assembly;
}
