// The page of the API: Swagger UI over our own description. Not part of app.js: only that page loads it.
const place = document.getElementById("api-docs");
window.SwaggerUIBundle({ url: place.dataset.url, domNode: place, deepLinking: true, tryItOutEnabled: false, validatorUrl: null });
