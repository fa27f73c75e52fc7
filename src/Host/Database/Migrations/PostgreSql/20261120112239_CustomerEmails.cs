using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Portal.Host.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class CustomerEmails : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "AccountId",
                table: "subscriptions_subscription",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AccountId",
                table: "subscriptions_payment_method",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "AllowPasswords",
                table: "store_profile",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "AccountId",
                table: "orders_payment",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AccountId",
                table: "orders_order",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "EmailId",
                table: "customers_sign_in_link",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MergedIntoId",
                table: "customers_customer",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PasswordHash",
                table: "customers_customer",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "customers_address_change",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: false),
                    OpenFor = table.Column<long>(type: "bigint", nullable: true),
                    Address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EffectAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ConfirmedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
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
                    table.PrimaryKey("PK_customers_address_change", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_email",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: false),
                    Address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    Canonical = table.Column<string>(type: "character varying(314)", maxLength: 314, nullable: false),
                    Origin = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    VerifiedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LeftAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_email", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_mailed_link",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    Address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    Canonical = table.Column<string>(type: "character varying(314)", maxLength: 314, nullable: false),
                    Instead = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SpentAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_mailed_link", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_move",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PublicId = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    FromId = table.Column<long>(type: "bigint", nullable: false),
                    IntoId = table.Column<long>(type: "bigint", nullable: false),
                    By = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Rows = table.Column<string>(type: "text", nullable: false),
                    IntoFoundByEmail = table.Column<bool>(type: "boolean", nullable: false),
                    MovedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    UndoneAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_move", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_orders_order_Reference",
                table: "orders_order",
                column: "Reference");

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_CreatedAt_Id",
                table: "customers_customer",
                columns: new[] { "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_MergedIntoId",
                table: "customers_customer",
                column: "MergedIntoId");

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

            // Every address becomes a row of its own; whoever signed in by its mail has proven it.
            migrationBuilder.Sql(
                """
                insert into customers_email ("PublicId", "CustomerId", "Address", "Canonical", "Origin", "CreatedAt", "VerifiedAt")
                select 'adr_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 22), "Id", "Email", "EmailCanonical", 'Processor', "CreatedAt", "LastSignInAt"
                from customers_customer where "EmailCanonical" is not null
                """);

            migrationBuilder.DropIndex(
                name: "IX_customers_customer_EmailCanonical",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "EmailCanonical",
                table: "customers_customer");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "customers_address_change");

            migrationBuilder.DropTable(
                name: "customers_mailed_link");

            migrationBuilder.DropTable(
                name: "customers_move");

            migrationBuilder.DropIndex(
                name: "IX_orders_order_Reference",
                table: "orders_order");

            migrationBuilder.DropIndex(
                name: "IX_customers_customer_CreatedAt_Id",
                table: "customers_customer");

            migrationBuilder.DropIndex(
                name: "IX_customers_customer_MergedIntoId",
                table: "customers_customer");

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
                name: "AccountId",
                table: "orders_payment");

            migrationBuilder.DropColumn(
                name: "AccountId",
                table: "orders_order");

            migrationBuilder.DropColumn(
                name: "EmailId",
                table: "customers_sign_in_link");

            migrationBuilder.DropColumn(
                name: "MergedIntoId",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "PasswordHash",
                table: "customers_customer");

            migrationBuilder.AddColumn<string>(
                name: "EmailCanonical",
                table: "customers_customer",
                type: "character varying(314)",
                maxLength: 314,
                nullable: true);

            migrationBuilder.Sql(
                """
                update customers_customer set "EmailCanonical" =
                (select e."Canonical" from customers_email e where e."CustomerId" = customers_customer."Id" and e."Address" = customers_customer."Email")
                """);

            migrationBuilder.DropTable(
                name: "customers_email");

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_EmailCanonical",
                table: "customers_customer",
                column: "EmailCanonical",
                unique: true);
        }
    }
}
