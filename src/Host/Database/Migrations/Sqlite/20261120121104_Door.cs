using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Host.Database.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Door : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "customers_session");

            migrationBuilder.AddColumn<string>(
                name: "AccountId",
                table: "subscriptions_subscription",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AccountId",
                table: "subscriptions_payment_method",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "AllowPasswords",
                table: "store_profile",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "KeepInvoicesYears",
                table: "store_profile",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AccountId",
                table: "orders_payment",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AccountId",
                table: "orders_order",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "CustomerId",
                table: "notifications_outbox",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ErasedAt",
                table: "invoices_document",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ExpiresAt",
                table: "customers_sign_in_request",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MailedAt",
                table: "customers_sign_in_request",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "SealedCode",
                table: "customers_sign_in_request",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "WrongTries",
                table: "customers_sign_in_request",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "EmailId",
                table: "customers_sign_in_link",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "RequestId",
                table: "customers_sign_in_link",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "BusinessName",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ErasedAt",
                table: "customers_customer",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsBusiness",
                table: "customers_customer",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "LanguageChosenAt",
                table: "customers_customer",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MergedIntoId",
                table: "customers_customer",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Own",
                table: "customers_customer",
                type: "INTEGER",
                maxLength: 40,
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "PasswordHash",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Phone",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PhoneNumber",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingCity",
                table: "customers_customer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingCountry",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 2,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingLine1",
                table: "customers_customer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingLine2",
                table: "customers_customer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingPostalCode",
                table: "customers_customer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingRegion",
                table: "customers_customer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "TaxId",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DisabledAt",
                table: "admin_merchant",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "admin_merchant",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "en");

            migrationBuilder.AddColumn<long>(
                name: "LastSignInAt",
                table: "admin_merchant",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PublicId",
                table: "admin_merchant",
                type: "TEXT",
                maxLength: 32,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Role",
                table: "admin_merchant",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "Owner");

            migrationBuilder.AddColumn<long>(
                name: "SecondFactorDueAt",
                table: "admin_merchant",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "access_activity",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: true),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Details = table.Column<string>(type: "TEXT", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    ListedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_activity", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "access_alert",
                columns: table => new
                {
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: true),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Count = table.Column<long>(type: "INTEGER", nullable: false),
                    Networks = table.Column<int>(type: "INTEGER", nullable: false),
                    MailedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_alert", x => x.Kind);
                });

            migrationBuilder.CreateTable(
                name: "access_audit",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Details = table.Column<string>(type: "TEXT", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    About = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Address = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    ListedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    HashBefore = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_audit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "access_audit_end",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_audit_end", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "access_kept_form",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Audience = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Subject = table.Column<long>(type: "INTEGER", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    Path = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    ProtectedFields = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_kept_form", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "access_passkey_challenge",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Audience = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Subject = table.Column<long>(type: "INTEGER", nullable: true),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_passkey_challenge", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "access_passkey_holder",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Audience = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Subject = table.Column<long>(type: "INTEGER", nullable: false),
                    Handle = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_passkey_holder", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "access_session",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Audience = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Subject = table.Column<long>(type: "INTEGER", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    UserAgent = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    Address = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastSeenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_session", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "admin_authenticator",
                columns: table => new
                {
                    MerchantId = table.Column<long>(type: "INTEGER", nullable: false),
                    ProtectedKey = table.Column<byte[]>(type: "BLOB", nullable: false),
                    LastStep = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_authenticator", x => x.MerchantId);
                    table.ForeignKey(
                        name: "FK_admin_authenticator_admin_merchant_MerchantId",
                        column: x => x.MerchantId,
                        principalTable: "admin_merchant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "admin_failed_tries",
                columns: table => new
                {
                    AddressHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false),
                    NextAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_failed_tries", x => x.AddressHash);
                });

            migrationBuilder.CreateTable(
                name: "admin_link",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MerchantId = table.Column<long>(type: "INTEGER", nullable: false),
                    Purpose = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SpentAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_link", x => x.Id);
                    table.ForeignKey(
                        name: "FK_admin_link_admin_merchant_MerchantId",
                        column: x => x.MerchantId,
                        principalTable: "admin_merchant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "admin_password_request",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    Language = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    LeaseHolder = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_password_request", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "admin_recovery_code",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MerchantId = table.Column<long>(type: "INTEGER", nullable: false),
                    CodeHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_recovery_code", x => x.Id);
                    table.ForeignKey(
                        name: "FK_admin_recovery_code_admin_merchant_MerchantId",
                        column: x => x.MerchantId,
                        principalTable: "admin_merchant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "admin_sign_in_step",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MerchantId = table.Column<long>(type: "INTEGER", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    ReturnTo = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SpentAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_sign_in_step", x => x.Id);
                    table.ForeignKey(
                        name: "FK_admin_sign_in_step_admin_merchant_MerchantId",
                        column: x => x.MerchantId,
                        principalTable: "admin_merchant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "customers_address_change",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: false),
                    OpenFor = table.Column<long>(type: "INTEGER", nullable: true),
                    Address = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EffectAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ConfirmedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    LeaseHolder = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_address_change", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_consent",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: true),
                    Given = table.Column<bool>(type: "INTEGER", nullable: false),
                    Source = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_consent", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_data_export",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: true),
                    RunningFor = table.Column<long>(type: "INTEGER", nullable: true),
                    Language = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Pieces = table.Column<int>(type: "INTEGER", nullable: false),
                    PiecesDone = table.Column<int>(type: "INTEGER", nullable: false),
                    Size = table.Column<long>(type: "INTEGER", nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: true),
                    KeptUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: true),
                    LinkEndsAt = table.Column<long>(type: "INTEGER", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    LeaseHolder = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_data_export", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_email",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    Canonical = table.Column<string>(type: "TEXT", maxLength: 314, nullable: false),
                    Origin = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    VerifiedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LeftAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_email", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_erasure_request",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: true),
                    OpenFor = table.Column<long>(type: "INTEGER", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Language = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    ListedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    Version = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_erasure_request", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_mailed_link",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    Canonical = table.Column<string>(type: "TEXT", maxLength: 314, nullable: false),
                    Instead = table.Column<string>(type: "TEXT", maxLength: 254, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SpentAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_mailed_link", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_move",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    FromId = table.Column<long>(type: "INTEGER", nullable: false),
                    IntoId = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Rows = table.Column<string>(type: "TEXT", nullable: false),
                    IntoFoundByEmail = table.Column<bool>(type: "INTEGER", nullable: false),
                    MovedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UndoneAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_move", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_tax_id_inquiry",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: true),
                    TaxId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Verdict = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    AnsweredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Reference = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    LeaseHolder = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_tax_id_inquiry", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_update",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ConnectionId = table.Column<long>(type: "INTEGER", nullable: false),
                    ProcessorId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    LeaseHolder = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_update", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "access_passkey",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    HolderId = table.Column<long>(type: "INTEGER", nullable: false),
                    CredentialId = table.Column<byte[]>(type: "BLOB", maxLength: 1023, nullable: false),
                    PublicKey = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SignCount = table.Column<long>(type: "INTEGER", nullable: false),
                    Transports = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    IsBackupEligible = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsBackedUp = table.Column<bool>(type: "INTEGER", nullable: false),
                    Label = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_passkey", x => x.Id);
                    table.ForeignKey(
                        name: "FK_access_passkey_access_passkey_holder_HolderId",
                        column: x => x.HolderId,
                        principalTable: "access_passkey_holder",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "customers_erasure_run",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    RequestId = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    LeaseHolder = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_erasure_run", x => x.Id);
                    table.ForeignKey(
                        name: "FK_customers_erasure_run_customers_erasure_request_RequestId",
                        column: x => x.RequestId,
                        principalTable: "customers_erasure_request",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_orders_payment_ProcessorId",
                table: "orders_payment",
                column: "ProcessorId");

            migrationBuilder.CreateIndex(
                name: "IX_orders_order_ProcessorId",
                table: "orders_order",
                column: "ProcessorId");

            migrationBuilder.CreateIndex(
                name: "IX_orders_order_Reference",
                table: "orders_order",
                column: "Reference");

            migrationBuilder.CreateIndex(
                name: "IX_notifications_outbox_CustomerId",
                table: "notifications_outbox",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_request_EmailCanonical_MailedAt",
                table: "customers_sign_in_request",
                columns: new[] { "EmailCanonical", "MailedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_link_CreatedAt",
                table: "customers_sign_in_link",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_link_RequestId",
                table: "customers_sign_in_link",
                column: "RequestId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_CreatedAt_Id",
                table: "customers_customer",
                columns: new[] { "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_ErasedAt",
                table: "customers_customer",
                column: "ErasedAt");

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_MergedIntoId",
                table: "customers_customer",
                column: "MergedIntoId");

            migrationBuilder.Sql("""update admin_merchant set "PublicId" = 'mer_' || "Id" """);

            migrationBuilder.CreateIndex(
                name: "IX_admin_merchant_PublicId",
                table: "admin_merchant",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_activity_CustomerId_ListedAt_Id",
                table: "access_activity",
                columns: new[] { "CustomerId", "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_access_audit_ListedAt_Id",
                table: "access_audit",
                columns: new[] { "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_access_audit_Number",
                table: "access_audit",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_kept_form_Audience_Subject",
                table: "access_kept_form",
                columns: new[] { "Audience", "Subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_kept_form_TokenHash",
                table: "access_kept_form",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_passkey_CredentialId",
                table: "access_passkey",
                column: "CredentialId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_passkey_HolderId",
                table: "access_passkey",
                column: "HolderId");

            migrationBuilder.CreateIndex(
                name: "IX_access_passkey_PublicId",
                table: "access_passkey",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_passkey_challenge_ExpiresAt",
                table: "access_passkey_challenge",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_access_passkey_challenge_PublicId",
                table: "access_passkey_challenge",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_passkey_holder_Audience_Subject",
                table: "access_passkey_holder",
                columns: new[] { "Audience", "Subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_passkey_holder_Handle",
                table: "access_passkey_holder",
                column: "Handle",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_session_Audience_Subject",
                table: "access_session",
                columns: new[] { "Audience", "Subject" });

            migrationBuilder.CreateIndex(
                name: "IX_access_session_PublicId",
                table: "access_session",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_session_TokenHash",
                table: "access_session",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_admin_link_MerchantId",
                table: "admin_link",
                column: "MerchantId");

            migrationBuilder.CreateIndex(
                name: "IX_admin_link_TokenHash",
                table: "admin_link",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_admin_password_request_State_DueAt",
                table: "admin_password_request",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_admin_recovery_code_MerchantId_CodeHash",
                table: "admin_recovery_code",
                columns: new[] { "MerchantId", "CodeHash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_admin_sign_in_step_MerchantId",
                table: "admin_sign_in_step",
                column: "MerchantId");

            migrationBuilder.CreateIndex(
                name: "IX_admin_sign_in_step_TokenHash",
                table: "admin_sign_in_step",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_address_change_CustomerId",
                table: "customers_address_change",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_address_change_OpenFor",
                table: "customers_address_change",
                column: "OpenFor",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_address_change_State_DueAt",
                table: "customers_address_change",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_consent_CustomerId_At",
                table: "customers_consent",
                columns: new[] { "CustomerId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_data_export_CustomerId_CreatedAt",
                table: "customers_data_export",
                columns: new[] { "CustomerId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_data_export_PublicId",
                table: "customers_data_export",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_data_export_RunningFor",
                table: "customers_data_export",
                column: "RunningFor",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_data_export_State_DueAt",
                table: "customers_data_export",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_data_export_TokenHash",
                table: "customers_data_export",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_email_Canonical",
                table: "customers_email",
                column: "Canonical",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_email_CustomerId",
                table: "customers_email",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_email_PublicId",
                table: "customers_email",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_request_CustomerId",
                table: "customers_erasure_request",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_request_ListedAt_Id",
                table: "customers_erasure_request",
                columns: new[] { "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_request_OpenFor",
                table: "customers_erasure_request",
                column: "OpenFor",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_request_PublicId",
                table: "customers_erasure_request",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_run_RequestId",
                table: "customers_erasure_run",
                column: "RequestId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_erasure_run_State_DueAt",
                table: "customers_erasure_run",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_mailed_link_Canonical_CreatedAt",
                table: "customers_mailed_link",
                columns: new[] { "Canonical", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_mailed_link_CustomerId_CreatedAt",
                table: "customers_mailed_link",
                columns: new[] { "CustomerId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_mailed_link_ExpiresAt",
                table: "customers_mailed_link",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_customers_mailed_link_TokenHash",
                table: "customers_mailed_link",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_move_FromId",
                table: "customers_move",
                column: "FromId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_move_IntoId",
                table: "customers_move",
                column: "IntoId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_move_PublicId",
                table: "customers_move",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_tax_id_inquiry_CustomerId",
                table: "customers_tax_id_inquiry",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_tax_id_inquiry_State_DueAt",
                table: "customers_tax_id_inquiry",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_update_ConnectionId_ProcessorId",
                table: "customers_update",
                columns: new[] { "ConnectionId", "ProcessorId" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_update_State_DueAt",
                table: "customers_update",
                columns: new[] { "State", "DueAt" });

            // Every address moves to its own row before its column goes: without one nobody could sign in.
            migrationBuilder.Sql(
                """
                insert into customers_email ("PublicId", "CustomerId", "Address", "Canonical", "Origin", "CreatedAt", "VerifiedAt")
                select 'adr_' || lower(hex(randomblob(11))), "Id", "Email", "EmailCanonical", 'Processor', "CreatedAt", "LastSignInAt"
                from customers_customer where "EmailCanonical" is not null
                """);

            migrationBuilder.DropIndex(
                name: "IX_customers_customer_EmailCanonical",
                table: "customers_customer");

            // Not DropColumn: that rebuilds the table outside the transaction, and a process killed meanwhile would leave half of it.
            migrationBuilder.Sql("""alter table customers_customer drop column "EmailCanonical" """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_activity");

            migrationBuilder.DropTable(
                name: "access_alert");

            migrationBuilder.DropTable(
                name: "access_audit");

            migrationBuilder.DropTable(
                name: "access_audit_end");

            migrationBuilder.DropTable(
                name: "access_kept_form");

            migrationBuilder.DropTable(
                name: "access_passkey");

            migrationBuilder.DropTable(
                name: "access_passkey_challenge");

            migrationBuilder.DropTable(
                name: "access_session");

            migrationBuilder.DropTable(
                name: "admin_authenticator");

            migrationBuilder.DropTable(
                name: "admin_failed_tries");

            migrationBuilder.DropTable(
                name: "admin_link");

            migrationBuilder.DropTable(
                name: "admin_password_request");

            migrationBuilder.DropTable(
                name: "admin_recovery_code");

            migrationBuilder.DropTable(
                name: "admin_sign_in_step");

            migrationBuilder.DropTable(
                name: "customers_address_change");

            migrationBuilder.DropTable(
                name: "customers_consent");

            migrationBuilder.DropTable(
                name: "customers_data_export");

            migrationBuilder.AddColumn<string>(
                name: "EmailCanonical",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 314,
                nullable: true);

            migrationBuilder.Sql(
                """
                update customers_customer set "EmailCanonical" =
                (select e."Canonical" from customers_email e where e."CustomerId" = customers_customer."Id" and e."Address" = customers_customer."Email")
                """);

            migrationBuilder.DropTable(
                name: "customers_email");

            migrationBuilder.DropTable(
                name: "customers_erasure_run");

            migrationBuilder.DropTable(
                name: "customers_mailed_link");

            migrationBuilder.DropTable(
                name: "customers_move");

            migrationBuilder.DropTable(
                name: "customers_tax_id_inquiry");

            migrationBuilder.DropTable(
                name: "customers_update");

            migrationBuilder.DropTable(
                name: "access_passkey_holder");

            migrationBuilder.DropTable(
                name: "customers_erasure_request");

            migrationBuilder.DropIndex(
                name: "IX_orders_payment_ProcessorId",
                table: "orders_payment");

            migrationBuilder.DropIndex(
                name: "IX_orders_order_ProcessorId",
                table: "orders_order");

            migrationBuilder.DropIndex(
                name: "IX_orders_order_Reference",
                table: "orders_order");

            migrationBuilder.DropIndex(
                name: "IX_notifications_outbox_CustomerId",
                table: "notifications_outbox");

            migrationBuilder.DropIndex(
                name: "IX_customers_sign_in_request_EmailCanonical_MailedAt",
                table: "customers_sign_in_request");

            migrationBuilder.DropIndex(
                name: "IX_customers_sign_in_link_CreatedAt",
                table: "customers_sign_in_link");

            migrationBuilder.DropIndex(
                name: "IX_customers_sign_in_link_RequestId",
                table: "customers_sign_in_link");

            migrationBuilder.DropIndex(
                name: "IX_customers_customer_CreatedAt_Id",
                table: "customers_customer");

            migrationBuilder.DropIndex(
                name: "IX_customers_customer_ErasedAt",
                table: "customers_customer");

            migrationBuilder.DropIndex(
                name: "IX_customers_customer_MergedIntoId",
                table: "customers_customer");

            migrationBuilder.DropIndex(
                name: "IX_admin_merchant_PublicId",
                table: "admin_merchant");

            migrationBuilder.DropColumn(
                name: "AccountId",
                table: "subscriptions_subscription");

            migrationBuilder.DropColumn(
                name: "AccountId",
                table: "subscriptions_payment_method");

            migrationBuilder.DropColumn(
                name: "AllowPasswords",
                table: "store_profile");

            migrationBuilder.DropColumn(
                name: "KeepInvoicesYears",
                table: "store_profile");

            migrationBuilder.DropColumn(
                name: "AccountId",
                table: "orders_payment");

            migrationBuilder.DropColumn(
                name: "AccountId",
                table: "orders_order");

            migrationBuilder.DropColumn(
                name: "CustomerId",
                table: "notifications_outbox");

            migrationBuilder.DropColumn(
                name: "ErasedAt",
                table: "invoices_document");

            migrationBuilder.DropColumn(
                name: "ExpiresAt",
                table: "customers_sign_in_request");

            migrationBuilder.DropColumn(
                name: "MailedAt",
                table: "customers_sign_in_request");

            migrationBuilder.DropColumn(
                name: "SealedCode",
                table: "customers_sign_in_request");

            migrationBuilder.DropColumn(
                name: "WrongTries",
                table: "customers_sign_in_request");

            migrationBuilder.DropColumn(
                name: "EmailId",
                table: "customers_sign_in_link");

            migrationBuilder.DropColumn(
                name: "RequestId",
                table: "customers_sign_in_link");

            migrationBuilder.DropColumn(
                name: "BusinessName",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ErasedAt",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "IsBusiness",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "LanguageChosenAt",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "MergedIntoId",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "Own",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "PasswordHash",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "Phone",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "PhoneNumber",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingCity",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingCountry",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingLine1",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingLine2",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingPostalCode",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingRegion",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "TaxId",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "DisabledAt",
                table: "admin_merchant");

            migrationBuilder.DropColumn(
                name: "Language",
                table: "admin_merchant");

            migrationBuilder.DropColumn(
                name: "LastSignInAt",
                table: "admin_merchant");

            migrationBuilder.DropColumn(
                name: "PublicId",
                table: "admin_merchant");

            migrationBuilder.DropColumn(
                name: "Role",
                table: "admin_merchant");

            migrationBuilder.DropColumn(
                name: "SecondFactorDueAt",
                table: "admin_merchant");

            migrationBuilder.CreateTable(
                name: "customers_session",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Address = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Audience = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastSeenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Subject = table.Column<long>(type: "INTEGER", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    UserAgent = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_session", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_EmailCanonical",
                table: "customers_customer",
                column: "EmailCanonical",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_session_Audience_Subject",
                table: "customers_session",
                columns: new[] { "Audience", "Subject" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_session_TokenHash",
                table: "customers_session",
                column: "TokenHash",
                unique: true);
        }
    }
}
