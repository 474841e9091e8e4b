/** What an order costs is computed here, from the products in it. Whatever was sent as its total does not count. */
export default ({ project }: FormsteadHooks) => {
  const products = project.records("products");

  async function price({ values }: Formstead.Creating<"orders"> | Formstead.Updating<"orders">) {
    const ids = values.products;
    if (!Array.isArray(ids) || ids.length === 0) return { products: "Choose at least one product." };
    const found = await Promise.all(ids.map((id) => products.find(String(id))));
    const cents = found.reduce((sum, product) => sum + Math.round(Number(product?.price ?? 0) * 100), 0);
    values.total = cents / 100;
    return undefined;
  }

  project.records("orders").before({
    create: price,
    update: (change) => {
      delete change.values.total;
      return "products" in change.values ? price(change) : undefined;
    },
  });
};
