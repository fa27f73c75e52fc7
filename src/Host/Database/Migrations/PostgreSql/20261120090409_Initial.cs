using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Portal.Host.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "admin_merchant",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    PasswordHash = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_merchant", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "connections_account",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Plugin = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Mode = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    TestMode = table.Column<bool>(type: "boolean", nullable: false),
                    ProtectedSettings = table.Column<byte[]>(type: "bytea", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SyncedUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_connections_account", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_customer",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    EmailCanonical = table.Column<string>(type: "character varying(314)", maxLength: 314, nullable: true),
                    Name = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    Language = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    Line1 = table.Column<string>(type: "text", nullable: true),
                    Line2 = table.Column<string>(type: "text", nullable: true),
                    City = table.Column<string>(type: "text", nullable: true),
                    Region = table.Column<string>(type: "text", nullable: true),
                    PostalCode = table.Column<string>(type: "text", nullable: true),
                    Country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LastSignInAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    DisabledAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    FoundByEmail = table.Column<bool>(type: "boolean", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_customer", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_processor_customer",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ConnectionId = table.Column<long>(type: "bigint", nullable: false),
                    ProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: false),
                    AsOf = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_processor_customer", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_session",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Audience = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Subject = table.Column<long>(type: "bigint", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    UserAgent = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    Address = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LastSeenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EndsAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_session", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_sign_in_link",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    CustomerId = table.Column<long>(type: "bigint", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    ReturnTo = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SpentAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_sign_in_link", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_sign_in_request",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    EmailCanonical = table.Column<string>(type: "character varying(314)", maxLength: 314, nullable: false),
                    Language = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ReturnTo = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LeaseHolder = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_sign_in_request", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "invoices_document",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    OrderId = table.Column<long>(type: "bigint", nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: true),
                    Number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    ListedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Content = table.Column<string>(type: "text", nullable: false),
                    PreviousHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    PdfHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    Total_Currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    Total_MinorUnits = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_invoices_document", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "invoices_processor_invoice",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ConnectionId = table.Column<long>(type: "bigint", nullable: false),
                    ProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    OrderProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Number = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    AsOf = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_invoices_processor_invoice", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "invoices_series",
                columns: table => new
                {
                    Name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    LastNumber = table.Column<long>(type: "bigint", nullable: false),
                    LastHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_invoices_series", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "notifications_outbox",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Occasion = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    To = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    ProtectedBody = table.Column<byte[]>(type: "bytea", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LeaseHolder = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notifications_outbox", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "orders_order",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    ConnectionId = table.Column<long>(type: "bigint", nullable: false),
                    ProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: true),
                    Reference = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    TaxMinorUnits = table.Column<long>(type: "bigint", nullable: true),
                    SubscriptionProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    ListedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    PaidAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    AsOf = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    BillingName = table.Column<string>(type: "text", nullable: true),
                    BusinessName = table.Column<string>(type: "text", nullable: true),
                    TaxId = table.Column<string>(type: "text", nullable: true),
                    Line1 = table.Column<string>(type: "text", nullable: true),
                    Line2 = table.Column<string>(type: "text", nullable: true),
                    City = table.Column<string>(type: "text", nullable: true),
                    Region = table.Column<string>(type: "text", nullable: true),
                    PostalCode = table.Column<string>(type: "text", nullable: true),
                    Country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false),
                    Total_Currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    Total_MinorUnits = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orders_order", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "store_profile",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    LegalName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Address = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    Country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: true),
                    TaxId = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    LegalNote = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    SupportEmail = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    TermsUrl = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    PrivacyUrl = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    BrandColor = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: false),
                    NumberPrefix = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Logo = table.Column<byte[]>(type: "bytea", nullable: true),
                    LogoType = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_store_profile", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "subscriptions_payment_method",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ConnectionId = table.Column<long>(type: "bigint", nullable: false),
                    ProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: true),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Brand = table.Column<string>(type: "text", nullable: true),
                    LastFour = table.Column<string>(type: "text", nullable: true),
                    ExpiryMonth = table.Column<int>(type: "integer", nullable: true),
                    ExpiryYear = table.Column<int>(type: "integer", nullable: true),
                    IsDefault = table.Column<bool>(type: "boolean", nullable: false),
                    Removed = table.Column<bool>(type: "boolean", nullable: false),
                    AsOf = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_subscriptions_payment_method", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "subscriptions_subscription",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    ConnectionId = table.Column<long>(type: "bigint", nullable: false),
                    ProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: true),
                    PlanId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Name = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    PriceMinorUnits = table.Column<long>(type: "bigint", nullable: true),
                    PriceCurrency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: true),
                    Quantity = table.Column<int>(type: "integer", nullable: false),
                    CycleUnit = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    CycleCount = table.Column<int>(type: "integer", nullable: false),
                    ListedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    CurrentPeriodStart = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CurrentPeriodEnd = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    TrialEnd = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    WillCancel = table.Column<bool>(type: "boolean", nullable: false),
                    CancelAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    AccessUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    PausedUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    MethodKind = table.Column<string>(type: "text", nullable: true),
                    MethodBrand = table.Column<string>(type: "text", nullable: true),
                    MethodLastFour = table.Column<string>(type: "text", nullable: true),
                    MethodExpiryMonth = table.Column<int>(type: "integer", nullable: true),
                    MethodExpiryYear = table.Column<int>(type: "integer", nullable: true),
                    ManageAt = table.Column<string>(type: "text", nullable: true),
                    AsOf = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_subscriptions_subscription", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "connections_inbox",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    ConnectionId = table.Column<long>(type: "bigint", nullable: false),
                    DeliveryId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    EventType = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Body = table.Column<byte[]>(type: "bytea", nullable: false),
                    BodyHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    Headers = table.Column<string>(type: "text", nullable: false),
                    Method = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    Query = table.Column<string>(type: "text", nullable: false),
                    Sender = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    ReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    WaitsFor = table.Column<string>(type: "character varying(250)", maxLength: 250, nullable: true),
                    Conflicts = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LeaseHolder = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_connections_inbox", x => x.Id);
                    table.ForeignKey(
                        name: "FK_connections_inbox_connections_account_ConnectionId",
                        column: x => x.ConnectionId,
                        principalTable: "connections_account",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "invoices_pdf_job",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    DocumentId = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LeaseHolder = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_invoices_pdf_job", x => x.Id);
                    table.ForeignKey(
                        name: "FK_invoices_pdf_job_invoices_document_DocumentId",
                        column: x => x.DocumentId,
                        principalTable: "invoices_document",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "orders_line",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ProductId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Name = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    Quantity = table.Column<int>(type: "integer", nullable: false),
                    TotalMinorUnits = table.Column<long>(type: "bigint", nullable: false),
                    TaxMinorUnits = table.Column<long>(type: "bigint", nullable: true),
                    TaxRate = table.Column<decimal>(type: "numeric(9,4)", precision: 9, scale: 4, nullable: true),
                    PeriodStart = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    PeriodEnd = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    OrderId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orders_line", x => x.Id);
                    table.ForeignKey(
                        name: "FK_orders_line_orders_order_OrderId",
                        column: x => x.OrderId,
                        principalTable: "orders_order",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "orders_payment",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    ConnectionId = table.Column<long>(type: "bigint", nullable: false),
                    ProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: true),
                    OrderId = table.Column<long>(type: "bigint", nullable: true),
                    OrderProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    SubscriptionProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    InvoiceProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Refunded = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    MethodKind = table.Column<string>(type: "text", nullable: true),
                    MethodBrand = table.Column<string>(type: "text", nullable: true),
                    MethodLastFour = table.Column<string>(type: "text", nullable: true),
                    FailureCode = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    NextAttemptAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    PayAt = table.Column<string>(type: "text", nullable: true),
                    ListedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    AsOf = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false),
                    Amount_Currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    Amount_MinorUnits = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orders_payment", x => x.Id);
                    table.ForeignKey(
                        name: "FK_orders_payment_orders_order_OrderId",
                        column: x => x.OrderId,
                        principalTable: "orders_order",
                        principalColumn: "Id");
                });

            migrationBuilder.CreateTable(
                name: "subscriptions_action",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SubscriptionId = table.Column<long>(type: "bigint", nullable: false),
                    OpenFor = table.Column<long>(type: "bigint", nullable: true),
                    CustomerId = table.Column<long>(type: "bigint", nullable: true),
                    Key = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Timing = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    IsDeferred = table.Column<bool>(type: "boolean", nullable: false),
                    EffectAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SentAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    End = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    LeavingReason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    LeavingWords = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    RefusedBecause = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LeaseHolder = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_subscriptions_action", x => x.Id);
                    table.ForeignKey(
                        name: "FK_subscriptions_action_subscriptions_subscription_Subscriptio~",
                        column: x => x.SubscriptionId,
                        principalTable: "subscriptions_subscription",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "orders_dispute",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    MinorUnits = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    AsOf = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    PaymentId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orders_dispute", x => x.Id);
                    table.ForeignKey(
                        name: "FK_orders_dispute_orders_payment_PaymentId",
                        column: x => x.PaymentId,
                        principalTable: "orders_payment",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "orders_refund",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ProcessorId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    MinorUnits = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    AsOf = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    PaymentId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orders_refund", x => x.Id);
                    table.ForeignKey(
                        name: "FK_orders_refund_orders_payment_PaymentId",
                        column: x => x.PaymentId,
                        principalTable: "orders_payment",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_admin_merchant_Email",
                table: "admin_merchant",
                column: "Email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_connections_account_Name",
                table: "connections_account",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_connections_account_PublicId",
                table: "connections_account",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_connections_inbox_ConnectionId_DeliveryId",
                table: "connections_inbox",
                columns: new[] { "ConnectionId", "DeliveryId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_connections_inbox_ConnectionId_ReceivedAt",
                table: "connections_inbox",
                columns: new[] { "ConnectionId", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_connections_inbox_ConnectionId_WaitsFor",
                table: "connections_inbox",
                columns: new[] { "ConnectionId", "WaitsFor" });

            migrationBuilder.CreateIndex(
                name: "IX_connections_inbox_PublicId",
                table: "connections_inbox",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_connections_inbox_State_DueAt",
                table: "connections_inbox",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_EmailCanonical",
                table: "customers_customer",
                column: "EmailCanonical",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_PublicId",
                table: "customers_customer",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_processor_customer_ConnectionId_ProcessorId",
                table: "customers_processor_customer",
                columns: new[] { "ConnectionId", "ProcessorId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_processor_customer_CustomerId",
                table: "customers_processor_customer",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_session_Audience_Subject",
                table: "customers_session",
                columns: new[] { "Audience", "Subject" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_session_TokenHash",
                table: "customers_session",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_link_CustomerId_CreatedAt",
                table: "customers_sign_in_link",
                columns: new[] { "CustomerId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_link_TokenHash",
                table: "customers_sign_in_link",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_request_State_DueAt",
                table: "customers_sign_in_request",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_invoices_document_CustomerId_ListedAt_Id",
                table: "invoices_document",
                columns: new[] { "CustomerId", "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_invoices_document_Number",
                table: "invoices_document",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_invoices_document_OrderId",
                table: "invoices_document",
                column: "OrderId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_invoices_document_PublicId",
                table: "invoices_document",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_invoices_pdf_job_DocumentId",
                table: "invoices_pdf_job",
                column: "DocumentId");

            migrationBuilder.CreateIndex(
                name: "IX_invoices_pdf_job_State_DueAt",
                table: "invoices_pdf_job",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_invoices_processor_invoice_ConnectionId_OrderProcessorId",
                table: "invoices_processor_invoice",
                columns: new[] { "ConnectionId", "OrderProcessorId" });

            migrationBuilder.CreateIndex(
                name: "IX_invoices_processor_invoice_ConnectionId_ProcessorId",
                table: "invoices_processor_invoice",
                columns: new[] { "ConnectionId", "ProcessorId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_notifications_outbox_Occasion",
                table: "notifications_outbox",
                column: "Occasion",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_notifications_outbox_PublicId",
                table: "notifications_outbox",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_notifications_outbox_State_DueAt",
                table: "notifications_outbox",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_dispute_PaymentId_ProcessorId",
                table: "orders_dispute",
                columns: new[] { "PaymentId", "ProcessorId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_orders_line_OrderId",
                table: "orders_line",
                column: "OrderId");

            migrationBuilder.CreateIndex(
                name: "IX_orders_order_ConnectionId_ProcessorId",
                table: "orders_order",
                columns: new[] { "ConnectionId", "ProcessorId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_orders_order_ConnectionId_SubscriptionProcessorId",
                table: "orders_order",
                columns: new[] { "ConnectionId", "SubscriptionProcessorId" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_order_CustomerId_ListedAt_Id",
                table: "orders_order",
                columns: new[] { "CustomerId", "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_order_PublicId",
                table: "orders_order",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_orders_payment_ConnectionId_OrderProcessorId",
                table: "orders_payment",
                columns: new[] { "ConnectionId", "OrderProcessorId" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_payment_ConnectionId_ProcessorId",
                table: "orders_payment",
                columns: new[] { "ConnectionId", "ProcessorId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_orders_payment_ConnectionId_SubscriptionProcessorId",
                table: "orders_payment",
                columns: new[] { "ConnectionId", "SubscriptionProcessorId" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_payment_CustomerId_ListedAt_Id",
                table: "orders_payment",
                columns: new[] { "CustomerId", "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_payment_OrderId",
                table: "orders_payment",
                column: "OrderId");

            migrationBuilder.CreateIndex(
                name: "IX_orders_payment_PublicId",
                table: "orders_payment",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_orders_refund_PaymentId_ProcessorId",
                table: "orders_refund",
                columns: new[] { "PaymentId", "ProcessorId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_action_Key",
                table: "subscriptions_action",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_action_OpenFor",
                table: "subscriptions_action",
                column: "OpenFor",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_action_State_DueAt",
                table: "subscriptions_action",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_action_SubscriptionId",
                table: "subscriptions_action",
                column: "SubscriptionId");

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_payment_method_ConnectionId_ProcessorId",
                table: "subscriptions_payment_method",
                columns: new[] { "ConnectionId", "ProcessorId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_payment_method_CustomerId_ConnectionId",
                table: "subscriptions_payment_method",
                columns: new[] { "CustomerId", "ConnectionId" });

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_subscription_ConnectionId_ProcessorId",
                table: "subscriptions_subscription",
                columns: new[] { "ConnectionId", "ProcessorId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_subscription_CurrentPeriodEnd",
                table: "subscriptions_subscription",
                column: "CurrentPeriodEnd");

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_subscription_CustomerId_ListedAt_Id",
                table: "subscriptions_subscription",
                columns: new[] { "CustomerId", "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_subscription_PublicId",
                table: "subscriptions_subscription",
                column: "PublicId",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "admin_merchant");

            migrationBuilder.DropTable(
                name: "connections_inbox");

            migrationBuilder.DropTable(
                name: "customers_customer");

            migrationBuilder.DropTable(
                name: "customers_processor_customer");

            migrationBuilder.DropTable(
                name: "customers_session");

            migrationBuilder.DropTable(
                name: "customers_sign_in_link");

            migrationBuilder.DropTable(
                name: "customers_sign_in_request");

            migrationBuilder.DropTable(
                name: "invoices_pdf_job");

            migrationBuilder.DropTable(
                name: "invoices_processor_invoice");

            migrationBuilder.DropTable(
                name: "invoices_series");

            migrationBuilder.DropTable(
                name: "notifications_outbox");

            migrationBuilder.DropTable(
                name: "orders_dispute");

            migrationBuilder.DropTable(
                name: "orders_line");

            migrationBuilder.DropTable(
                name: "orders_refund");

            migrationBuilder.DropTable(
                name: "store_profile");

            migrationBuilder.DropTable(
                name: "subscriptions_action");

            migrationBuilder.DropTable(
                name: "subscriptions_payment_method");

            migrationBuilder.DropTable(
                name: "connections_account");

            migrationBuilder.DropTable(
                name: "invoices_document");

            migrationBuilder.DropTable(
                name: "orders_payment");

            migrationBuilder.DropTable(
                name: "subscriptions_subscription");

            migrationBuilder.DropTable(
                name: "orders_order");
        }
    }
}
