using Portal.Simulator.Engine;

namespace Portal.Simulator.Sandbox;

/// <summary>The Sandbox's tables, and what all its desks need of them.</summary>
internal sealed class Shop(Books books)
{
    public Books Books => books;

    public Table<Product> Products { get; } = books.Add<Product>("product", "products");
    public Table<Customer> Customers { get; } = books.Add<Customer>("customer", "customers");
    public Table<PaymentMethod> PaymentMethods { get; } = books.Add<PaymentMethod>("payment_method", "payment-methods");
    public Table<Subscription> Subscriptions { get; } = books.Add<Subscription>("subscription", "subscriptions");
    public Table<Order> Orders { get; } = books.Add<Order>("order", "orders");
    public Table<Invoice> Invoices { get; } = books.Add<Invoice>("invoice", "invoices");
    public Table<Payment> Payments { get; } = books.Add<Payment>("payment", "payments");
    public Table<Refund> Refunds { get; } = books.Add<Refund>("refund", "refunds");
    public Table<Dispute> Disputes { get; } = books.Add<Dispute>("dispute", "disputes");
    public Table<HostedPage> HostedPages { get; } = books.Add<HostedPage>("hosted_page", "hosted-pages");

    public DateTimeOffset Now => books.Now;

    public Customer Save(Customer customer, string eventType) => books.Put(Customers, customer, eventType);

    public Subscription Save(Subscription subscription, string eventType) =>
        books.Put(Subscriptions, subscription with { Method = MethodOf(subscription)?.Method }, eventType);

    public Product Plan(string id) =>
        Products.Find(id) switch
        {
            null => throw Refusal.NotFound("plan", id),
            { Interval: null } => throw Refusal.BadRequest($"'{id}' is bought once; it is no plan."),
            var plan => plan,
        };

    /// <summary>What a subscription charges: its own method, else its customer's default.</summary>
    public PaymentMethod? MethodOf(Subscription subscription)
    {
        var own = subscription.PaymentMethod is { } id ? PaymentMethods.Find(id) : null;
        return own is { Removed: false } ? own : DefaultOf(Customers.Get(subscription.Customer));
    }

    public PaymentMethod? DefaultOf(Customer customer) =>
        customer.DefaultPaymentMethod is { } id && PaymentMethods.Find(id) is { Removed: false } found ? found : null;

    /// <summary>One of the customer's own methods, still there.</summary>
    public PaymentMethod MethodOf(string customer, string id) =>
        PaymentMethods.Find(id) is { Removed: false } found && found.Customer == customer ? found : throw Refusal.NotFound("payment_method", id);
}
