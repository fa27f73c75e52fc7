using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Host.Database.Migrations.Sqlite
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
                name: "EmailId",
                table: "customers_sign_in_link",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MergedIntoId",
                table: "customers_customer",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PasswordHash",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 500,
                nullable: true);

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
                select 'adr_' || lower(hex(randomblob(11))), "Id", "Email", "EmailCanonical", 'Processor', "CreatedAt", "LastSignInAt"
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

            migrationBuilder.CreateIndex(
                name: "IX_customers_customer_EmailCanonical",
                table: "customers_customer",
                column: "EmailCanonical",
                unique: true);
        }
    }
}
